"""Mailboxes that send nothing now: why, how many emails wait, and who can put it right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse

from outtray.diagnosis.explain import Explanation
from outtray.diagnosis.kept import explain_pause
from outtray.mailboxes.models import Health, Mailbox, MailboxQuerySet, Whose
from outtray.mailboxes.rights import may_change
from outtray.outbox.counting import counted
from outtray.outbox.models import Email, EmailQuerySet
from outtray.outbox.states import State
from outtray.people.models import Membership

# Beyond this nobody needs the exact count, and the queue's page asks every two seconds.
MOST_COUNTED = 999


@dataclass(frozen=True, slots=True)
class Stop:
    """A mailbox that cannot send now. `whom` names who can change that, if not this person."""

    mailbox: Mailbox
    headline: str
    waiting: int
    href: str
    whom: str

    @property
    def title(self) -> str:
        is_new = self.mailbox.health == Health.UNVALIDATED
        state = "is not validated" if is_new else "is paused"
        return f"{self.mailbox.address} {state}{self._waiting}"

    @property
    def until(self) -> datetime | None:
        """When it is tried again by itself."""
        return self.mailbox.paused_until

    @property
    def action(self) -> str:
        """What the button says, for whom there is one."""
        if not self.href:
            return ""
        return "Open" if self.until or self.whom else "Put it right"

    @property
    def _waiting(self) -> str:
        if not self.waiting:
            return ""
        if self.waiting == 1:
            return ": 1 email waits"
        more = self.waiting > MOST_COUNTED
        return f": {MOST_COUNTED if more else self.waiting}{'+' if more else ''} emails wait"


def pause_of(mailbox: Mailbox) -> Explanation | None:
    """What stopped this mailbox; None if it is not paused."""
    return explain_pause(mailbox)


def stops_in_queue(membership: Membership) -> Sequence[Stop]:
    """Those for which emails that this person sees wait: the first few, however many wait."""
    (stopped,) = counted(membership, _stopped)
    if not stopped:
        return []
    waits = _queued(membership).filter(mailbox=OuterRef("pk"))
    mine = Mailbox.objects.filter(company_id=membership.company_id)
    return stops_of(membership, mine.filter(Exists(waits)), most=3)


def stops_of(membership: Membership, mailboxes: MailboxQuerySet, *, most: int) -> list[Stop]:
    """Those of these mailboxes that are stopped; first those that only a person can start."""
    stopped = (
        mailboxes.exclude(health=Health.READY)
        .select_related("owner")
        .order_by("health", F("paused_until").asc(nulls_first=True), "address")
    )
    return [_stop(membership, mailbox) for mailbox in stopped[:most]]


def setup_of(membership: Membership, mailbox: Mailbox) -> str:
    """Where this person changes the settings of a mailbox; empty if he may not."""
    if not may_change(membership, mailbox):
        return ""
    if mailbox.whose == Whose.USER:
        return reverse("user_email")
    return reverse("company_email", args=[mailbox.pk])


def place_of(membership: Membership, mailbox: Mailbox) -> str:
    """Where this person sees what a mailbox waits for; empty if he does not see it.

    What waits for a person leads to the settings, all else to how the mailbox sends.
    """
    setup = setup_of(membership, mailbox)
    if setup and mailbox.health != Health.READY and mailbox.paused_until is None:
        return setup
    is_seen = setup or membership.is_administrator
    return reverse("mailbox", args=[mailbox.pk]) if is_seen else ""


def _stopped(somebody: Membership) -> Iterator[QuerySet[Mailbox]]:
    yield Mailbox.objects.filter(company_id=somebody.company_id).exclude(health=Health.READY)


def _stop(membership: Membership, mailbox: Mailbox) -> Stop:
    pause = pause_of(mailbox)
    waiting = _queued(membership).filter(mailbox=mailbox)[: MOST_COUNTED + 1].count()
    may_act = bool(setup_of(membership, mailbox))
    return Stop(
        mailbox,
        pause.headline if pause else "Its emails wait in the queue until Validate has passed.",
        waiting,
        place_of(membership, mailbox),
        "" if may_act else _whom(mailbox),
    )


def _whom(mailbox: Mailbox) -> str:
    who = str(mailbox.owner) if mailbox.owner else "an administrator of your company"
    return f"Only {who} can put it right."


def _queued(membership: Membership) -> EmailQuerySet:
    return Email.objects.visible_to(membership).filter(state=State.QUEUED).order_by()
