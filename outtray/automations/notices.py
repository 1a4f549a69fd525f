"""Tell people by mail, from another mailbox, that one of theirs is paused.

1. A pause that waits for a person is told at once, one that passes by itself when it lasts.
2. Find a mailbox of the company that works. 3. Take the letter into the Email Queue and note
that it was told, in one transaction. Without such a mailbox the page alone tells it.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from outtray.automations.notice_letter import notice_letter
from outtray.automations.own_letters import administrators_of, carrier_of
from outtray.diagnosis.causes import Cause
from outtray.diagnosis.explain import Explanation, explain_cause
from outtray.diagnosis.kept import explain_pause
from outtray.lib.clock import SYSTEM, Clock
from outtray.mailboxes import history
from outtray.mailboxes.history import Code
from outtray.mailboxes.models import Health, Mailbox, MailboxEvent
from outtray.outbox.accept import Prepared, Terms, accept_all, prepare
from outtray.people.models import Person

# What has not passed by itself by then is worth a letter.
LASTS = timedelta(hours=1)
# A pause that is to last this long is told when it begins.
LONG = timedelta(hours=2)
# Two letters about one mailbox are at least this far apart, and those about the same trouble
# a day, unless somebody has validated the mailbox in between.
APART = timedelta(hours=1)
APART_IF_THE_SAME = timedelta(days=1)


class NoticeWork:
    """Pauses that somebody should hear of, as work for an engine."""

    name = "notice"

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self._clock = clock

    def due(self, at: datetime) -> Iterable[str]:
        return [f"{mailbox.company_id}/{mailbox.pk}" for mailbox in _due(at)]

    def do(self, key: str, stop: threading.Event) -> None:  # noqa: ARG002 - quick
        tell(UUID(key.rpartition("/")[2]), at=self._clock.now())


def tell(mailbox_id: UUID, *, at: datetime) -> bool:
    """Tell of one pause. False if that is not due, or another worker was quicker."""
    mailbox = next(iter(_due(at, mailbox_id)), None)
    if mailbox is None:
        return False
    explanation = _explained(mailbox)
    persons = _persons(mailbox, explanation)
    carrier = carrier_of(mailbox.company_id, other_than=mailbox) if persons else None
    if carrier is None:
        return _leave_it_to_the_page(mailbox, at=at)
    letter = notice_letter(mailbox, explanation, carrier=carrier, persons=persons)
    return _send(mailbox, prepare(letter, mailbox=carrier, at=at), at=at)


def _due(at: datetime, *mailbox_ids: UUID) -> list[Mailbox]:
    """Paused mailboxes of which nobody was told, and not about to be told too often."""
    untold = Mailbox.objects.filter(_is_worth_telling(at), _is_untold())
    if mailbox_ids:
        untold = untold.filter(pk__in=mailbox_ids)
    found = list(untold.order_by("paused_at"))
    told = _told_lately(untold, at) if found else {}
    return [mailbox for mailbox in found if not _is_too_soon(mailbox, told[mailbox.pk], at)]


def _is_untold() -> Q:
    return Q(health=Health.PAUSED, pause_told_at__isnull=True)


def _is_worth_telling(at: datetime) -> Q:
    waits_for_a_person = Q(paused_until__isnull=True)
    return waits_for_a_person | Q(paused_at__lte=at - LASTS) | Q(paused_until__gte=at + LONG)


def _told_lately(
    mailboxes: QuerySet[Mailbox], at: datetime
) -> Mapping[UUID, Sequence[MailboxEvent]]:
    lines = MailboxEvent.objects.filter(
        mailbox__in=mailboxes.values("pk"), code=Code.TOLD, at__gt=at - APART_IF_THE_SAME
    )
    told: dict[UUID, list[MailboxEvent]] = defaultdict(list)
    for line in lines:
        told[line.mailbox_id].append(line)
    return told


def _is_too_soon(mailbox: Mailbox, told: Sequence[MailboxEvent], at: datetime) -> bool:
    return any(line.at > at - APART or _is_the_same(mailbox, line) for line in told)


def _is_the_same(mailbox: Mailbox, line: MailboxEvent) -> bool:
    """The trouble that came back by itself: nobody has put anything right since."""
    was_validated = mailbox.validated_at is not None and mailbox.validated_at > line.at
    return not was_validated and line.detail.get("cause") == mailbox.pause_cause


def _explained(mailbox: Mailbox) -> Explanation:
    return explain_pause(mailbox) or explain_cause(
        Cause.SERVER_TEMPORARY_FAILURE,
        transport=mailbox.transport,
        settings=mailbox.settings,
        address=mailbox.address,
    )


def _persons(mailbox: Mailbox, explanation: Explanation) -> list[Person]:
    """The owner, at his sign-in address: a mailbox that cannot send still receives.

    Administrators hear of Company Emails, and of what they must put right themselves.
    """
    administrators = administrators_of(mailbox.company_id)
    owner = mailbox.owner
    if owner is None or not owner.is_active:
        return administrators
    if explanation.actor != "administrator":
        return [owner]
    return [owner, *(person for person in administrators if person != owner)]


def _send(mailbox: Mailbox, letter: Prepared, *, at: datetime) -> bool:
    assert mailbox.paused_at is not None, "a paused mailbox knows since when"
    key = f"notice/{mailbox.pk}/{mailbox.paused_at.isoformat()}/{mailbox.pause_cause}"
    with transaction.atomic():
        if not _mark(mailbox, at=at):
            return False
        (email,) = accept_all([letter], Terms(at=at, key=key))
        _record(mailbox, {"by": "mail", "email": str(email.pk)}, at=at)
    return True


def _leave_it_to_the_page(mailbox: Mailbox, *, at: datetime) -> bool:
    with transaction.atomic():
        if not _mark(mailbox, at=at):
            return False
        _record(mailbox, {"by": "page"}, at=at)
    return True


def _mark(mailbox: Mailbox, *, at: datetime) -> bool:
    """Take the telling of just this pause; False if it is over, or another worker has it."""
    mine = Mailbox.objects.filter(
        _is_untold(), pk=mailbox.pk, paused_at=mailbox.paused_at, pause_cause=mailbox.pause_cause
    )
    return bool(mine.update(pause_told_at=at))


def _record(mailbox: Mailbox, how: Mapping[str, str], *, at: datetime) -> None:
    history.record(mailbox.pk, Code.TOLD, at=at, detail={**how, "cause": mailbox.pause_cause})
