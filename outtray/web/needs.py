"""What needs this person first: mailboxes that cannot send, emails that wait for a decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.urls import reverse

from outtray.mailboxes.models import Health, Mailbox, Whose
from outtray.outbox.states import State
from outtray.people.models import Membership
from outtray.web.pauses import pause_of
from outtray.web.pills import Tone


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do, and where; without an action it is for somebody else."""

    tone: Tone
    icon: str
    title: str
    sentence: str
    href: str = ""
    action: str = ""


def needs_of(membership: Membership, counts: dict[str, int]) -> list[Need]:
    """The most urgent first: nothing leaves a paused mailbox."""
    mailboxes = (
        Mailbox.objects.visible_to(membership)
        .exclude(health=Health.READY)
        .select_related("owner")
        .order_by("-health", "address")
    )
    return [
        *(_of_mailbox(membership, mailbox) for mailbox in mailboxes),
        *_of_emails(counts),
    ]


def _of_mailbox(membership: Membership, mailbox: Mailbox) -> Need:
    pause = pause_of(mailbox)
    waits = "Its emails wait in the queue until Validate has passed."
    if mailbox.health == Health.UNVALIDATED:
        need = Need(Tone.AMBER, "alert-triangle", f"{mailbox.address} is not validated", waits)
    else:
        reason = pause.headline if pause else waits
        need = Need(Tone.AMBER, "player-pause", f"{mailbox.address} is paused", reason)
    return _with_action(need, membership, mailbox)


def _with_action(need: Need, membership: Membership, mailbox: Mailbox) -> Need:
    """A User Email is set up by its owner only."""
    if mailbox.whose == Whose.COMPANY:
        href = reverse("company_email", args=[mailbox.pk])
        return replace(need, href=href, action="Open")
    if mailbox.owner_id == membership.person_id:
        return replace(need, href=reverse("user_email"), action="Open")
    return replace(need, sentence=f"{need.sentence} Only {mailbox.owner} can put it right.")


def _of_emails(counts: dict[str, int]) -> Iterator[Need]:
    unknown, failed = counts[State.UNKNOWN], counts[State.FAILED]
    if unknown:
        yield Need(
            Tone.VIOLET,
            "help-circle",
            f"{_emails(unknown)} with an unknown end",
            "The connection broke at the very last moment. Say whether they arrived.",
            _queue(State.UNKNOWN),
            "Look at them",
        )
    if failed:
        yield Need(
            Tone.RED,
            "circle-x",
            f"{_emails(failed)} failed",
            "Each says why, and what would help.",
            _queue(State.FAILED),
            "Look at them",
        )


def _queue(state: State) -> str:
    return f"{reverse('queue')}?state={state.value}"


def _emails(count: int) -> str:
    return f"{count} email" if count == 1 else f"{count:,} emails"
