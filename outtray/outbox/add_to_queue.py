"""Add to Email Queue: documents become letters, and letters become emails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from outtray.compose.letter import Letter
from outtray.compose.rules.recipients import Addressee
from outtray.documents.models import Document
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.outbox.accept import (
    Prepared,
    Terms,
    accept_all,
    known_by_key,
    prepare_all,
    require_fit,
)
from outtray.outbox.models import Email, Recipient
from outtray.outbox.planning import Choices, LetterPlan, Planner, letter_of
from outtray.outbox.relevance import refusal_of
from outtray.outbox.sent_before import NEVER_SENT, lock, sent_already, sent_before
from outtray.outbox.states import Lane, Reason
from outtray.people.models import Membership

__all__ = [
    "Choices",
    "LetterPlan",
    "Queued",
    "Wishes",
    "add_to_queue",
    "already_sent",
    "plan_letters",
]

MAX_DOCUMENTS = 200  # what one press may take while a person waits for it


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the dialog asks. `again` allows a document to go to an address that has had it.

    The others are those of `Choices`.
    """

    mailbox: Mailbox | None = None
    template: UUID | None = None
    layout: UUID | None = None
    recipient: str = ""
    e_invoice: str = ""
    combine: bool = False
    due_at: datetime | None = None
    not_after: datetime | None = None
    undo_seconds: int = 0
    again: bool = False
    lane: Lane = Lane.INTERACTIVE
    key: str | None = None
    fingerprint: str = ""

    @property
    def choices(self) -> Choices:
        """What stands in for the company's rules."""
        return Choices(self.mailbox, self.template, self.layout, self.recipient, self.e_invoice)


@dataclass(frozen=True, slots=True)
class Queued:
    """What became of some documents: an email, or the reason why there is none."""

    documents: tuple[Document, ...]
    email: Email | None = None
    problem: Refused | None = None


def add_to_queue(
    documents: Sequence[Document], *, membership: Membership, wishes: Wishes, at: datetime
) -> list[Queued]:
    """Accept one email a document, or one a recipient where they are combined.

    A document that cannot go is answered with its problem and stops no other. With a key,
    a repeated request answers the emails of the first.
    """
    if len(documents) > MAX_DOCUMENTS:
        raise Refused(
            "too_many_documents", f"At most {MAX_DOCUMENTS} documents can be added at once."
        )
    if wishes.key and (known := _known(membership, wishes)):
        return known
    planner = Planner(membership, wishes.choices, by_hand=True)
    plans, problems = _planned(documents, planner, wishes)
    prepared, unfit = _prepare(plans, at=at)
    return [*_accept(prepared, membership, wishes, at=at), *problems, *unfit]


def plan_letters(
    documents: Sequence[Document], *, membership: Membership, wishes: Wishes
) -> tuple[list[LetterPlan], list[Queued]]:
    """Who would get what from whom, without making anything; and what cannot go, and why."""
    return _planned(documents, Planner(membership, wishes.choices, by_hand=True), wishes)


def _planned(
    documents: Sequence[Document], planner: Planner, wishes: Wishes
) -> tuple[list[LetterPlan], list[Queued]]:
    plans: list[LetterPlan] = []
    problems: list[Queued] = []
    for document in documents:
        if useless := refusal_of(document):
            problems.append(Queued((document,), problem=useless))
            continue
        try:
            plans.append(planner.plan(document))
        except Refused as problem:
            problems.append(Queued((document,), problem=problem))
    return (planner.combined(plans) if wishes.combine else plans), problems


def already_sent(documents: Iterable[Document], recipients: Iterable[Addressee]) -> Email | None:
    """The newest email that took one of these documents to one of these addresses."""
    had = Recipient.objects.filter(
        address__in=[str(addressee.address.address) for addressee in recipients],
        email__enclosures__document__in=[document.pk for document in documents],
    ).exclude(email__state__in=NEVER_SENT)
    newest = had.order_by("-email_id").select_related("email").first()
    return newest.email if newest else None


def _known(membership: Membership, wishes: Wishes) -> list[Queued]:
    emails = known_by_key(membership.company_id, wishes.key or "", wishes.fingerprint)
    return [
        Queued(
            tuple(
                enclosure.document
                for enclosure in email.enclosures.select_related("document")
                if enclosure.document
            ),
            email=email,
        )
        for email in emails
    ]


def _prepare(
    plans: Sequence[LetterPlan], *, at: datetime
) -> tuple[list[tuple[LetterPlan, Prepared]], list[Queued]]:
    fit: list[tuple[LetterPlan, Letter]] = []
    unfit: list[Queued] = []
    for plan in plans:
        try:
            letter = letter_of(plan)
            require_fit(letter)
            fit.append((plan, letter))
        except Refused as problem:
            unfit.append(Queued(plan.documents, problem=problem))
    prepared = prepare_all([(letter, plan.mailbox) for plan, letter in fit], at=at)
    return [(plan, letter) for (plan, _), letter in zip(fit, prepared, strict=True)], unfit


def _accept(
    prepared: Sequence[tuple[LetterPlan, Prepared]],
    membership: Membership,
    wishes: Wishes,
    *,
    at: datetime,
) -> list[Queued]:
    """Look whether they were sent before, and accept, with nobody in between."""
    queued: list[Queued] = []
    ready: list[tuple[LetterPlan, Prepared]] = []
    with transaction.atomic():
        lock(document for plan, _ in prepared for document in plan.documents)
        # The same request may have come twice at once, and the other was first.
        if wishes.key and (known := _known(membership, wishes)):
            return known
        known_before = sent_before([plan for plan, _ in prepared])
        for (plan, letter), before in zip(prepared, known_before, strict=True):
            if before and not wishes.again:
                queued.append(Queued(plan.documents, problem=sent_already(plan, before)))
            else:
                ready.append((plan, letter))
        if ready:
            emails = accept_all([letter for _, letter in ready], _terms(membership, wishes, at))
            queued += [
                Queued(plan.documents, email=email)
                for (plan, _), email in zip(ready, emails, strict=True)
            ]
    return queued


def _terms(membership: Membership, wishes: Wishes, at: datetime) -> Terms:
    due_at, reason = wishes.due_at, Reason.SCHEDULED
    if due_at is None or due_at <= at:
        due_at = at + timedelta(seconds=wishes.undo_seconds)
        reason = Reason.UNDO if wishes.undo_seconds else Reason.NONE
    return Terms(
        at=at,
        by=membership.person,
        due_at=due_at,
        reason=reason,
        lane=wishes.lane,
        not_after=wishes.not_after,
        key=wishes.key,
        fingerprint=wishes.fingerprint,
    )
