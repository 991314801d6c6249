"""What Django has to know of this package."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Tables of `novator.mail`."""

    name = "novator.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"
