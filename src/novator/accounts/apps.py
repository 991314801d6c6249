"""What Django has to know of this package."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Tables of `novator.accounts`."""

    name = "novator.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what is stored of a person, and what a new second factor and signing in do."""
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in

        from novator.accounts.own_data import tell_of_accounts
        from novator.accounts.second_factor import end_sessions_without_it
        from novator.accounts.signing_in import begin_roles

        tell_of_accounts()
        authenticator_added.connect(end_sessions_without_it)
        user_logged_in.connect(begin_roles)
