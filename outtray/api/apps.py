"""Django's name for this package."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "outtray.api"
    label = "api"
