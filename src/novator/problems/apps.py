"""What Django has to know of this package."""

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    """Tables of `novator.problems`."""

    name = "novator.problems"
    label = "problems"
    default_auto_field = "django.db.models.BigAutoField"
