"""What Django has to know of this package."""

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """Tables of `novator.council`."""

    name = "novator.council"
    label = "council"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what is stored of a person."""
        from novator.council.own_data import tell_of_links

        tell_of_links()
