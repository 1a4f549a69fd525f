"""Django's name for this package."""

from django.apps import AppConfig


class ComposeConfig(AppConfig):
    name = "outtray.compose"
    label = "compose"
    default_auto_field = "django.db.models.BigAutoField"
