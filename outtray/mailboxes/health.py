"""Whether a mailbox can send. Each change holds the mailbox's row, and leaves a line.

A mailbox that is paused until a time is probed then. One that is paused without a time, for
a refused password, is opened only by a Validate that passes: nothing else logs in with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from outtray.mailboxes import history
from outtray.mailboxes.history import Code
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.rechecks import next_recheck
from outtray.mailboxes.routes import fingerprint_of
from outtray.mailboxes.waking import wake_mailbox
from outtray.people.models import Person
from outtray.transports.base import Scope

UNPAUSED: Mapping[str, object] = {
    "paused_at": None,
    "paused_until": None,
    "pause_cause": "",
    "pause_failure": None,
    "pause_told_at": None,
}


def can_log_in(at: datetime, prefix: str = "") -> Q:
    """Mailboxes with which we may log in by ourselves: ready ones, and those to be probed."""
    ready = Q((f"{prefix}health", Health.READY))
    return ready | Q((f"{prefix}health", Health.PAUSED), (f"{prefix}paused_until__lte", at))


def pause(
    mailbox_id: UUID,
    *,
    cause: str,
    failure: Mapping[str, object],
    until: datetime | None,
    at: datetime,
    as_of: Mailbox | None = None,
) -> bool:
    """Stop sending from a mailbox until that time, or until a person has acted.

    `as_of` is the mailbox as the sitting began with it. False if another was quicker: the
    settings were validated anew, or the same trouble was told already. What waits for a
    person overrides what passes by itself, never the other way round.
    """
    with transaction.atomic():
        before = Mailbox.objects.select_for_update().filter(pk=mailbox_id).first()
        if before is None or not _may_pause(before, as_of, until):
            return False
        is_news = before.health == Health.READY or before.pause_cause != cause
        Mailbox.objects.filter(pk=mailbox_id).update(
            health=Health.PAUSED,
            paused_at=before.paused_at or at,
            paused_until=until,
            pause_cause=cause,
            pause_failure=dict(failure),
            pause_told_at=None if is_news else before.pause_told_at,
            changed_at=at,
        )
        if is_news:
            again = until.isoformat() if until else None
            detail = {"cause": cause, "until": again, "failure": dict(failure)}
            history.record(mailbox_id, Code.PAUSED, at=at, detail=detail)
    return True


def resume(mailbox_id: UUID, *, at: datetime, by: Person | None = None) -> bool:
    """Send again from a mailbox that is paused until a time.

    False if it is not, and if it waits for a person: that one is opened by Validate alone.
    """
    paused = Q(health=Health.PAUSED, paused_until__isnull=False)
    with transaction.atomic():
        before = Mailbox.objects.select_for_update().filter(paused, pk=mailbox_id).first()
        if before is None:
            return False
        Mailbox.objects.filter(pk=mailbox_id).update(
            health=Health.READY,
            able_since=before.able_since if _was_the_server(before) else at,
            changed_at=at,
            **UNPAUSED,
        )
        history.record(mailbox_id, Code.RESUMED, at=at, by=by)
        _wake(mailbox_id)
    return True


def mark_validated(
    mailbox: Mailbox, fingerprint: str, at: datetime, *, by: Person | None = None
) -> bool:
    """Make a mailbox ready if the settings that were checked are those that are saved."""
    with transaction.atomic():
        saved = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        if fingerprint_of(saved) != fingerprint:
            return False
        Mailbox.objects.filter(pk=mailbox.pk).update(
            health=Health.READY,
            able_since=at,
            validated_at=at,
            validated_settings=fingerprint,
            recheck_at=next_recheck(mailbox.pk, at),
            changed_at=at,
            **UNPAUSED,
        )
        history.record(mailbox.pk, Code.VALIDATED, at=at, by=by)
        _wake(mailbox.pk)
    mailbox.refresh_from_db()
    return True


def mark_unvalidated(
    mailbox: Mailbox, fingerprint: str, at: datetime, *, by: Person | None = None
) -> bool:
    """Take a mailbox back if just its saved settings were found not to work.

    One that already waits for a person keeps saying why.
    """
    at_work = Q(health=Health.READY) | Q(health=Health.PAUSED, paused_until__isnull=False)
    found = Mailbox.objects.filter(at_work, pk=mailbox.pk, validated_settings=fingerprint)
    with transaction.atomic():
        taken_back = found.update(health=Health.UNVALIDATED, changed_at=at, **UNPAUSED)
        if taken_back:
            history.record(mailbox.pk, Code.UNVALIDATED, at=at, by=by)
    return bool(taken_back)


def _was_the_server(mailbox: Mailbox) -> bool:
    """No fault of the mailbox: while its server is down, emails grow older."""
    return (mailbox.pause_failure or {}).get("scope") == Scope.SERVER


def _may_pause(now: Mailbox, as_of: Mailbox | None, until: datetime | None) -> bool:
    if now.health == Health.UNVALIDATED:
        return False
    if as_of and _validation(as_of) != _validation(now):
        return False
    if now.health == Health.READY:
        return True
    if now.paused_until is None:
        return False
    return until is None or as_of is None or as_of.paused_until == now.paused_until


def _validation(mailbox: Mailbox) -> tuple[str, datetime | None]:
    return mailbox.validated_settings, mailbox.validated_at


def _wake(mailbox_id: UUID) -> None:
    company_id = Mailbox.objects.values_list("company_id", flat=True).get(pk=mailbox_id)
    wake_mailbox(mailbox_id, company_id)
