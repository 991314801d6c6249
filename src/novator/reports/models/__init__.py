"""A citizen's report: its tables."""

from novator.reports.models.channel import (
    ApiKey,
    Area,
    Category,
    Channel,
    DayOff,
    Department,
    ReplyTemplate,
    Route,
    SavedFilter,
    Street,
)
from novator.reports.models.exchange import Connection, Forwarding, PulledRequest
from novator.reports.models.machine import CategoryChoice, CategoryModel, LikenessModel
from novator.reports.models.map import MapCount
from novator.reports.models.people import Contact, ReportConsent, Subscription
from novator.reports.models.report import (
    DuplicateSuggestion,
    Report,
    ReportPhoto,
    ReportUpdate,
    Support,
    Verdict,
)
from novator.reports.models.tally import ReportTally

__all__ = [
    "ApiKey",
    "Area",
    "Category",
    "CategoryChoice",
    "CategoryModel",
    "Channel",
    "Connection",
    "Contact",
    "DayOff",
    "Department",
    "DuplicateSuggestion",
    "Forwarding",
    "LikenessModel",
    "MapCount",
    "PulledRequest",
    "ReplyTemplate",
    "Report",
    "ReportConsent",
    "ReportPhoto",
    "ReportTally",
    "ReportUpdate",
    "Route",
    "SavedFilter",
    "Street",
    "Subscription",
    "Support",
    "Verdict",
]
