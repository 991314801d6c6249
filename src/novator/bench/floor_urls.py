"""Every figure of the pages: the site's routes and the bare view beside them."""

from novator.bench.floor import urlpatterns_with_floor
from novator.site.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = urlpatterns_with_floor()
