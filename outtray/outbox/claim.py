"""A worker's right to attempt emails: limited in time, and fenced by a token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, DateTimeField, Value
from django.db.models.functions import Greatest

from outtray.mailboxes import pace
from outtray.mailboxes.models import Mailbox, Quota
from outtray.mailboxes.pace import Allowance
from outtray.outbox import rows
from outtray.outbox.events import Code
from outtray.outbox.models import Attempt, Email, Event, Recipient
from outtray.outbox.states import Lane, Phase, Reason, RecipientState, State

# A claim outlives any step that does not hand over content; a sitting renews those it keeps.
LEASE = timedelta(minutes=5)
# RFC 5321 §4.5.3.2.6 grants the server 10 minutes after the final dot, and content takes time.
TRANSMITTING_LEASE = timedelta(minutes=20)


class ClaimLost(Exception):  # noqa: N818
    """Another worker has taken the email over. Nothing may be handed over for it."""


# Tokens of claims that this process works on; another's are told by its name and process id.
_in_hand: set[UUID] = set()


def is_in_hand(token: UUID) -> bool:
    """Whether this process still works on these claims."""
    return token in _in_hand


def let_go(claims: Sequence[Claim]) -> None:
    """These are no longer worked on: those that are not settled can be recovered at once."""
    _in_hand.difference_update(claim.token for claim in claims)


@dataclass(slots=True)
class Claim:
    """One claimed email. All emails claimed together share the token.

    `number` is that of the attempt to come, which has a row from `transmitting` on.
    """

    email: Email
    token: UUID
    worker: str
    number: int = 1
    transport: str = ""
    is_paced: bool = False
    is_transmitting: bool = False


def claim_due(mailbox_id: UUID, limit: int, *, worker: str, at: datetime) -> list[Claim]:
    """Give this worker up to `limit` due emails: the interactive lane first, then by due time.

    No more than the mailbox's pace allows now are given, and they count as sent. A claim
    lasts until `at + LEASE` unless renewed; afterwards any worker may take the email over.
    Two workers never hold the same email.
    """
    token = uuid4()
    _in_hand.add(token)
    try:
        claims = _claim(mailbox_id, limit, token, worker=worker, at=at)
    except BaseException:
        _in_hand.discard(token)
        raise
    if not claims:
        _in_hand.discard(token)
    return claims


def _claim(mailbox_id: UUID, limit: int, token: UUID, *, worker: str, at: datetime) -> list[Claim]:
    with transaction.atomic():
        mailbox = Mailbox.objects.get(pk=mailbox_id)
        meter = _Meter.of(mailbox, at=at)
        ids = _pick(mailbox_id, limit, meter.allowance if meter else Allowance(), at=at)
        if meter:
            counts = _recipients_of(ids)
            ids = meter.fitting(counts, at=at)
            if ids:
                meter.spend({pk: counts[pk] for pk in ids}, at=at)
        if not ids:
            return []
        able_since = mailbox.able_since or mailbox.created_at
        _take(ids, token, worker=worker, able_since=able_since, at=at)
    emails = Email.objects.filter(pk__in=ids, claim_token=token).prefetch_related("recipients")
    by_id = {email.pk: email for email in emails}
    made = _attempts_made(ids)
    return [
        Claim(
            by_id[pk],
            token,
            worker,
            number=made.get(pk, 0) + 1,
            transport=mailbox.transport,
            is_paced=meter is not None,
        )
        for pk in ids
        if pk in by_id
    ]


def _attempts_made(ids: Sequence[UUID]) -> dict[UUID, int]:
    attempts = Attempt.objects.filter(email_id__in=ids).order_by()
    return dict(attempts.values_list("email_id").annotate(Count("pk")))


@dataclass(frozen=True, slots=True)
class _Meter:
    """The limits of a mailbox that has some, and what it has used of them: locked."""

    limits: pace.Pace
    quota: Quota
    allowance: Allowance

    @staticmethod
    def of(mailbox: Mailbox, *, at: datetime) -> _Meter | None:
        limits = pace.limits_of(mailbox)
        quota = Quota.objects.select_for_update().filter(pk=mailbox.pk).first()
        if quota is None and limits.has_limits:
            Quota.objects.get_or_create(mailbox=mailbox)
            quota = Quota.objects.select_for_update().get(pk=mailbox.pk)
        if quota is None:
            return None
        limits = pace.in_force(limits, quota, at=at)
        if not limits.has_limits:
            return None
        allowed = pace.allowance(limits, quota, at=at)
        pace.rest(quota, allowed.rest_until)
        return _Meter(limits, quota, allowed)

    def spend(self, counts: Mapping[UUID, int], *, at: datetime) -> None:
        """Count emails, given with their recipients, as sent."""
        pace.spend(
            self.quota,
            self.limits,
            messages=len(counts),
            recipients=sum(counts.values()),
            at=at,
        )

    def fitting(self, counts: Mapping[UUID, int], *, at: datetime) -> list[UUID]:
        """As many, from the first on, as have no more recipients than the day has left.

        An email with more recipients than a whole day goes when the day is untouched.
        """
        left = self.allowance.recipients
        if left is None:
            return list(counts)
        day = self.limits.recipients_per_day or 0
        kept: list[UUID] = []
        for pk, count in counts.items():
            if min(count, day) > left:
                break
            left -= count
            kept.append(pk)
        if counts and not kept:
            first = min(next(iter(counts.values())), day)
            pace.rest(self.quota, pace.free_for_recipients(self.quota, day, first, at=at))
        return kept


def _pick(mailbox_id: UUID, limit: int, allowed: Allowance, *, at: datetime) -> list[UUID]:
    """Each lane by itself: the index leads straight to what is due in it."""
    ids: list[UUID] = []
    for lane, most in ((Lane.INTERACTIVE, allowed.interactive), (Lane.BULK, allowed.bulk)):
        room = limit if most is None else min(limit, most)
        if room <= len(ids):
            break
        due = Email.objects.due(at).filter(mailbox_id=mailbox_id, lane=lane)
        found = due.select_for_update(skip_locked=True).values_list("pk", flat=True)
        ids += found[: room - len(ids)]
    return ids


def _recipients_of(ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many recipients each of these emails still has, in this order."""
    waiting = Recipient.objects.filter(email_id__in=ids, state=RecipientState.WAITING).order_by()
    counts = dict(waiting.values_list("email_id").annotate(Count("pk")))
    return {pk: counts.get(pk, 0) for pk in ids}


def _take(
    ids: Sequence[UUID], token: UUID, *, worker: str, able_since: datetime, at: datetime
) -> None:
    """The day of tries begins when the mailbox can send: waiting for that was nobody's try."""
    Email.objects.filter(pk__in=ids, state=State.QUEUED).update(
        state=State.SENDING,
        state_since=at,
        reason=Reason.NONE,
        reason_detail="",
        claim_token=token,
        claimed_by=worker,
        claim_until=at + LEASE,
        first_due_at=Greatest("first_due_at", Value(able_since, output_field=DateTimeField())),
    )
    Event.objects.bulk_create(
        Event(email_id=pk, code=Code.CLAIMED, at=at, detail={"worker": worker}) for pk in ids
    )


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
    mine = {
        "id": claim.email.pk,
        "state": State.SENDING,
        "claim_token": claim.token,
        "claim_until__gt": at,
    }
    attempt = {
        "email_id": claim.email.pk,
        "number": claim.number,
        "claim_token": claim.token,
        "worker": claim.worker,
        "phase": Phase.TRANSMITTING,
        "server": server,
        "started_at": started_at,
        "result": "",
        "reply": "",
        "failure": None,
        "transcript": "",
    }
    with transaction.atomic():
        if not rows.update(Email, {"claim_until": at + TRANSMITTING_LEASE}, mine):
            raise ClaimLost(claim.email.pk)
        rows.insert(Attempt, attempt)
    claim.is_transmitting = True
