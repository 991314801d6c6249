"""What Django has to know of this package."""

from django.apps import AppConfig


class PracticesConfig(AppConfig):
    """Tables of `novator.practices`."""

    name = "novator.practices"
    label = "practices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which files hang on cards, and who may read them."""
        from novator.files import access, links
        from novator.practices.attachments import access_to_file, linked

        links.register(linked)
        access.register(access_to_file)
