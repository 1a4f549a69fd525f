"""Django's name for this package."""

from django.apps import AppConfig


class DiagnosisConfig(AppConfig):
    name = "outtray.diagnosis"
    label = "diagnosis"
    default_auto_field = "django.db.models.BigAutoField"
