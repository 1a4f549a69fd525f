"""Django's name for this package."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "outtray.runs"
    label = "runs"
    default_auto_field = "django.db.models.BigAutoField"
