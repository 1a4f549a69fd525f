"""The form of the user name that a server takes, kept once Validate has found it.

Each refused try counts towards a lock-out, so what Validate had to find out is not found out
again: it becomes a setting, and delivery knows no other form.
"""

from __future__ import annotations

from django.db import transaction

from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.routes import fingerprint_of


def note_login_form(mailbox: Mailbox, form: str) -> bool:
    """Keep the form with a validated mailbox, which stays validated. False if there is no
    form to keep, or the settings have changed since."""
    if not form:
        return False
    with transaction.atomic():
        saved = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        if saved.validated_settings != fingerprint_of(saved):
            return False
        saved.settings = {**saved.settings, "login_form": form}
        saved.validated_settings = fingerprint_of(saved)
        saved.save(update_fields=["settings", "validated_settings"])
    mailbox.refresh_from_db()
    return True
