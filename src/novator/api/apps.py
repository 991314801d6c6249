"""The JSON interface, as Django knows it: its documentation page is a template."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Routes, templates and static files of the interface."""

    name = "novator.api"
    label = "api"
