"""What Django has to know of this package."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Tables of `novator.drafts`."""

    name = "novator.drafts"
    label = "drafts"
    default_auto_field = "django.db.models.BigAutoField"
