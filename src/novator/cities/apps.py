"""What Django has to know of this package."""

from django.apps import AppConfig


class CitiesConfig(AppConfig):
    """Tables of `novator.cities`."""

    name = "novator.cities"
    label = "cities"
    default_auto_field = "django.db.models.BigAutoField"
