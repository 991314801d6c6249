"""What Django has to know of this package."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Tables of `novator.accounts`."""

    name = "novator.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what is stored of a person."""
        from novator.accounts.own_data import tell_of_accounts

        tell_of_accounts()
