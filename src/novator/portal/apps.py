"""The pages, as Django knows them."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages, templates and static files."""

    name = "novator.portal"
    label = "portal"
