"""What Django has to know of this package."""

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """Tables of `novator.council`."""

    name = "novator.council"
    label = "council"
    default_auto_field = "django.db.models.BigAutoField"
