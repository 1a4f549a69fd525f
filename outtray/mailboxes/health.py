"""Whether a mailbox can send. Each change is one UPDATE that names what it expects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.routes import fingerprint_of
from outtray.mailboxes.waking import wake_mailbox

_UNPAUSED = {"paused_until": None, "pause_cause": "", "pause_failure": None}


def pause(
    mailbox_id: UUID,
    *,
    cause: str,
    failure: Mapping[str, object],
    until: datetime | None,
    at: datetime,
) -> bool:
    """Stop sending from a mailbox until that time, or until a person has acted.

    False if its settings were changed meanwhile: the failure is then of the old ones.
    """
    sending = Mailbox.objects.filter(pk=mailbox_id, health__in=[Health.READY, Health.PAUSED])
    return bool(
        sending.update(
            health=Health.PAUSED,
            pause_cause=cause,
            pause_failure=dict(failure),
            paused_until=until,
            changed_at=at,
        )
    )


def resume(mailbox_id: UUID, *, at: datetime) -> bool:
    """Send again from a paused mailbox. False if it was not paused."""
    paused = Mailbox.objects.filter(pk=mailbox_id, health=Health.PAUSED)
    with transaction.atomic():
        resumed = bool(paused.update(health=Health.READY, changed_at=at, **_UNPAUSED))
        if resumed:
            _wake(mailbox_id)
    return resumed


def mark_validated(mailbox: Mailbox, fingerprint: str, at: datetime) -> bool:
    """Make a mailbox ready if the settings that were checked are those that are saved."""
    if fingerprint_of(mailbox) != fingerprint:
        return False
    unchanged = Mailbox.objects.filter(pk=mailbox.pk, changed_at=mailbox.changed_at)
    with transaction.atomic():
        validated = unchanged.update(
            health=Health.READY,
            validated_at=at,
            validated_settings=fingerprint,
            changed_at=at,
            **_UNPAUSED,
        )
        if validated:
            mailbox.refresh_from_db()
            _wake(mailbox.pk)
    return bool(validated)


def mark_unvalidated(mailbox: Mailbox, fingerprint: str, at: datetime) -> bool:
    """Take a ready mailbox back if just its saved settings were found not to work."""
    ready = Mailbox.objects.filter(
        pk=mailbox.pk, health=Health.READY, validated_settings=fingerprint
    )
    return bool(ready.update(health=Health.UNVALIDATED, changed_at=at))


def _wake(mailbox_id: UUID) -> None:
    company_id = Mailbox.objects.values_list("company_id", flat=True).get(pk=mailbox_id)
    wake_mailbox(mailbox_id, company_id)
