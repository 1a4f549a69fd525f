"""Questions that lists and pages ask of the Email Queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from outtray.documents.models import Document
from outtray.mailboxes.models import Mailbox
from outtray.outbox.counting import waiting_for_person
from outtray.outbox.models import Email, EmailQuerySet, Enclosure, Recipient
from outtray.outbox.states import Lane, State
from outtray.people.models import Membership

MAX_PAGE = 200
_SHOWN = (
    "email_id",
    "email__state",
    "email__state_since",
    "email__to_summary",
    "email__accepted_by__name",
    "email__accepted_by_id",
)


@dataclass(frozen=True, slots=True)
class DocumentEmailState:
    """What the emails of a document say of it: the newest one, and how many there are.

    `by` is who sent that one, `to` to whom.
    """

    state: str
    email_id: UUID
    at: datetime
    count: int
    to: str = ""
    by: str = ""
    by_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many emails are queued, how many of them are due, and since when the oldest is."""

    queued: int
    due: int
    oldest_due: datetime | None


@dataclass(frozen=True, slots=True)
class EmailFilter:
    """What a list of emails is narrowed to; `is_left` leaves out failed ones that were sent
    again.
    """

    states: tuple[str, ...] = ()
    mailbox_id: UUID | None = None
    document_id: UUID | None = None
    search: str = ""
    is_left: bool = False

    def apply(self, emails: EmailQuerySet) -> QuerySet[Email]:
        if self.is_left:
            emails = emails.left_failed()
        elif self.states:
            emails = emails.filter(state__in=self.states)
        if self.mailbox_id:
            emails = emails.filter(mailbox_id=self.mailbox_id)
        if self.document_id:
            shows_it = Enclosure.objects.filter(email=OuterRef("pk"), document=self.document_id)
            emails = emails.filter(Exists(shows_it))
        if self.search:
            goes_there = Recipient.objects.filter(
                email=OuterRef("pk"), address__icontains=self.search
            )
            emails = emails.filter(
                Q(subject__icontains=self.search)
                | Q(to_summary__icontains=self.search)
                | Q(party_name__icontains=self.search)
                | Exists(goes_there)
            )
        return emails


def state_counts(membership: Membership) -> dict[str, int]:
    """How many emails a person sees in each state; every state is there."""
    counted = Email.objects.visible_to(membership).values_list("state").annotate(Count("pk"))
    return {**dict.fromkeys(State.values, 0), **dict(counted.order_by())}


def backlog(emails: QuerySet[Email], *, at: datetime) -> Backlog:
    """What of these emails is still to be sent."""
    due = Q(due_at__lte=at)
    counted = emails.filter(state=State.QUEUED).aggregate(
        queued=Count("pk"), due=Count("pk", filter=due), oldest_due=Min("due_at", filter=due)
    )
    return Backlog(**counted)


def next_due(mailbox_id: UUID) -> datetime | None:
    """When the first queued email of a mailbox is due. Lane by lane, as the index has them."""
    queued = Email.objects.filter(mailbox_id=mailbox_id, state=State.QUEUED)
    firsts = [
        queued.filter(lane=lane).order_by("due_at").values_list("due_at", flat=True).first()
        for lane in Lane
    ]
    return min((first for first in firsts if first), default=None)


def page_of(
    emails: QuerySet[Email], *, before: UUID | None, limit: int
) -> tuple[list[Email], UUID | None]:
    """The newest emails before that one, and where the next page begins, if there is one."""
    limit = min(limit, MAX_PAGE)
    if before:
        emails = emails.filter(pk__lt=before)
    rows = list(emails.order_by("-pk")[: limit + 1])
    more = len(rows) > limit
    give_mailboxes(rows)
    return rows[:limit], rows[limit - 1].pk if more else None


def give_mailboxes(emails: Sequence[Email]) -> None:
    """Each its mailbox with its quota: few mailboxes send many emails, so each is read once."""
    wanted = {email.mailbox_id for email in emails}
    mailboxes = Mailbox.objects.select_related("quota").in_bulk(wanted)
    for email in emails:
        email.mailbox = mailboxes[email.mailbox_id]


def document_states(documents: Sequence[Document]) -> Mapping[UUID, DocumentEmailState]:
    """The email state of each document that has emails, for one page of a list."""
    rows = (
        Enclosure.objects.filter(document__in=[document.pk for document in documents])
        .order_by("email_id")
        .values_list("document_id", *_SHOWN)
    )
    states: dict[UUID, DocumentEmailState] = {}
    for document_id, *shown in rows:
        if document_id is None:
            continue
        email_id, state, since, to, by, by_id = shown
        before = states.get(document_id)
        states[document_id] = DocumentEmailState(
            state=state,
            email_id=email_id,
            at=since,
            count=before.count + 1 if before else 1,
            to=to,
            by=by or "",
            by_id=by_id,
        )
    return states


def attention(membership: Membership) -> int:
    """How many emails wait for a person: failed and not sent again, and unknown where no look-up
    can tell.
    """
    return sum(waiting_for_person(membership))
