"""What Django has to know of this package."""

from django.apps import AppConfig


class TalkConfig(AppConfig):
    """Tables of `novator.talk`."""

    name = "novator.talk"
    label = "talk"
    default_auto_field = "django.db.models.BigAutoField"
