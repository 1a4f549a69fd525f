"""Django's name for this package."""

from django.apps import AppConfig


class MailboxesConfig(AppConfig):
    name = "outtray.mailboxes"
    label = "mailboxes"
    default_auto_field = "django.db.models.BigAutoField"
