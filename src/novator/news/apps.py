"""What Django has to know of this package."""

from django.apps import AppConfig


class NewsConfig(AppConfig):
    """Tables of `novator.news`."""

    name = "novator.news"
    label = "news"
    default_auto_field = "django.db.models.BigAutoField"
