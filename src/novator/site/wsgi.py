"""The web server's way in: one WSGI application, with all its routes loaded."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")

gc.disable()  # what is loaded stays: looking through it for waste is a tenth of the start
application = get_wsgi_application()
routes = get_resolver().url_patterns
gc.freeze()
gc.enable()
