"""What Django has to know of this package."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Tables of `novator.files`."""

    name = "novator.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
