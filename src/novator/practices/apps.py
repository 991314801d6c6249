"""What Django has to know of this package."""

from django.apps import AppConfig


class PracticesConfig(AppConfig):
    """Tables of `novator.practices`."""

    name = "novator.practices"
    label = "practices"
    default_auto_field = "django.db.models.BigAutoField"
