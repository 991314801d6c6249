"""What Django has to know of this package."""

from django.apps import AppConfig


class AssociationConfig(AppConfig):
    """Tables of `novator.association`."""

    name = "novator.association"
    label = "association"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what is stored of a person."""
        from novator.association.own_data import tell_of_membership
        from novator.association.poll_own_data import tell_of_votes

        tell_of_membership()
        tell_of_votes()
