"""The product's application without the search, which its own would load at once."""

from novator.site.watch import end_with_supervisor
from novator.site.wsgi import application

__all__ = ["application"]

end_with_supervisor()
