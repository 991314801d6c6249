"""What Django has to know of this package."""

from django.apps import AppConfig


class InterchangeConfig(AppConfig):
    """Tables of `novator.interchange`."""

    name = "novator.interchange"
    label = "interchange"
    default_auto_field = "django.db.models.BigAutoField"
