"""What Django has to know of this package."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Tables of `novator.reports`."""

    name = "novator.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who may read photos of reports and what is stored of a person."""
        from novator.accounts.own_data import tell_own_data
        from novator.files import access
        from novator.reports.file_access import access_to_file
        from novator.reports.own_data import forget_reports, reports_of

        access.register(access_to_file)
        tell_own_data("reports", reports_of, forgetting=forget_reports)
