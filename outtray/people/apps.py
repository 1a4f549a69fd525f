"""Django's name for this package."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "outtray.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
