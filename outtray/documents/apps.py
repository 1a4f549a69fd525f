"""Django's name for this package."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "outtray.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
