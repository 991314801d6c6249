"""What Django has to know of this package."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Tables of `novator.notices`."""

    name = "novator.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what is stored of a person here, and in letters, which know no people."""
        from novator.notices.own_data import register

        register()
