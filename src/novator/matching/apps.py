"""What Django has to know of this package."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """Tables of `novator.matching`."""

    name = "novator.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"
