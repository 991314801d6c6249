"""After the law's last step: the application as the supervised web server loads it."""

from novator.site.watch import end_with_supervisor
from novator.site.wsgi import application

__all__ = ["application"]

end_with_supervisor()
