"""What Django has to know of this package."""

from django.apps import AppConfig


class TextConfig(AppConfig):
    """Tables of `novator.text`."""

    name = "novator.text"
    label = "text"
    default_auto_field = "django.db.models.BigAutoField"
