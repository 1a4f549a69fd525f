"""A worker's right to attempt emails: limited in time, and fenced by a token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from outtray.outbox.events import Code
from outtray.outbox.models import Attempt, Email, Event
from outtray.outbox.states import Phase, Reason, State

# A claim outlives any step that does not hand over content; a sitting renews those it keeps.
LEASE = timedelta(minutes=5)
# RFC 5321 §4.5.3.2.6 grants the server 10 minutes after the final dot, and content takes time.
TRANSMITTING_LEASE = timedelta(minutes=20)


class ClaimLost(Exception):  # noqa: N818
    """Another worker has taken the email over. Nothing may be handed over for it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claimed email. All emails claimed together share the token."""

    email: Email
    token: UUID
    worker: str


def claim_due(mailbox_id: UUID, limit: int, *, worker: str, at: datetime) -> list[Claim]:
    """Give this worker up to `limit` due emails: the interactive lane first, then by due time.

    A claim lasts until `at + LEASE` unless renewed; afterwards any worker may take the
    email over. Two workers never hold the same email.
    """
    token = uuid4()
    with transaction.atomic():
        due = Email.objects.due(at).filter(mailbox_id=mailbox_id)
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        if not ids:
            return []
        Email.objects.filter(pk__in=ids, state=State.QUEUED).update(
            state=State.SENDING,
            state_since=at,
            reason=Reason.NONE,
            reason_detail="",
            claim_token=token,
            claimed_by=worker,
            claim_until=at + LEASE,
        )
        Event.objects.bulk_create(
            Event(email_id=pk, code=Code.CLAIMED, at=at, detail={"worker": worker}) for pk in ids
        )
    emails = Email.objects.filter(claim_token=token).prefetch_related("recipients")
    by_id = {email.pk: email for email in emails}
    return [Claim(by_id[pk], token, worker) for pk in ids if pk in by_id]


def renew(claims: Sequence[Claim], *, at: datetime) -> None:
    """Keep claims that wait their turn in a long sitting. Lost ones stay lost."""
    for claim in claims:
        Email.objects.filter(pk=claim.email.pk, claim_token=claim.token).update(
            claim_until=at + LEASE
        )


def begin_transmitting(claim: Claim, *, server: str, started_at: datetime, at: datetime) -> None:
    """Note that the next step cannot be taken back. Raises ClaimLost, and then it must not be.

    From here until the outcome is stored, a dead worker leaves the email `unknown`.
    """
    with transaction.atomic():
        mine = Email.objects.filter(
            pk=claim.email.pk, state=State.SENDING, claim_token=claim.token, claim_until__gt=at
        )
        if not mine.update(claim_until=at + TRANSMITTING_LEASE):
            raise ClaimLost(claim.email.pk)
        Attempt.objects.create(
            email_id=claim.email.pk,
            number=Attempt.objects.filter(email_id=claim.email.pk).count() + 1,
            claim_token=claim.token,
            worker=claim.worker,
            phase=Phase.TRANSMITTING,
            server=server,
            started_at=started_at,
        )
