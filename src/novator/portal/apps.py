"""The pages, as Django knows them."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages, templates and static files."""

    name = "novator.portal"
    label = "portal"

    def ready(self) -> None:
        """Say who may read the files of cards and drafts."""
        from novator.portal.file_access import register_rules

        register_rules()
