"""What Django has to know of this package."""

from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    """Tables of `novator.briefings`."""

    name = "novator.briefings"
    label = "briefings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what is stored of a person, and forget it when the account is erased."""
        from novator.accounts.own_data import tell_own_data
        from novator.briefings.operations import forget_person
        from novator.briefings.queries import told_to

        tell_own_data("collections", told_to, forgetting=forget_person)
