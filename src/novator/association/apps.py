"""What Django has to know of this package."""

from django.apps import AppConfig


class AssociationConfig(AppConfig):
    """Tables of `novator.association`."""

    name = "novator.association"
    label = "association"
    default_auto_field = "django.db.models.BigAutoField"
