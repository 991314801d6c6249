"""Every figure of the pages: the application as the measured web server loads it."""

from novator.site.watch import end_with_supervisor
from novator.site.wsgi import application

__all__ = ["application"]


def _add_floor() -> None:
    from django.conf import settings

    settings.ROOT_URLCONF = "novator.bench.floor_urls"


_add_floor()
end_with_supervisor()
