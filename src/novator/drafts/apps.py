"""What Django has to know of this package."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Tables of `novator.drafts`."""

    name = "novator.drafts"
    label = "drafts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which files hang on drafts, who may read them, and what is stored of a person."""
        from novator.accounts.own_data import tell_own_data
        from novator.drafts.file_access import access_to_file, linked
        from novator.drafts.own_data import drafts_of
        from novator.files import access, links

        links.register(linked)
        access.register(access_to_file)
        tell_own_data("drafts", drafts_of)
