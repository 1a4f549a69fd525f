"""A worker's right to attempt emails: limited in time, and fenced by a token."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from outtray.mailboxes.copies import keeps_copy
from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.pace import Allowance
from outtray.outbox import rows
from outtray.outbox.events import Code
from outtray.outbox.meter import Meter
from outtray.outbox.models import Attempt, Email, Event, Recipient
from outtray.outbox.relevance import still_relevant
from outtray.outbox.states import Lane, Phase, Reason, RecipientState, State
from outtray.outbox.together import Unwritten, alone, together

# A claim outlives any step that does not hand over content; a sitting renews those it keeps.
LEASE = timedelta(minutes=5)
# RFC 5321 §4.5.3.2.6 grants the server 10 minutes after the final dot, and content takes time.
TRANSMITTING_LEASE = timedelta(minutes=20)
# A first try that comes later than this moves the day of tries.
LATE = timedelta(hours=1)


Write = Callable[[], None]
"""Changes rows, or raises ClaimLost before it has changed any."""


class ClaimLost(Unwritten):
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
    `keeps_copy`: a copy is put into the Sent folder once it is sent. After the attempt the
    mailbox's pace lets nothing of the bulk leave before `rest_until`.
    """

    email: Email
    recipients: Sequence[Recipient]
    token: UUID
    worker: str
    number: int = 1
    transport: str = ""
    keeps_copy: bool = False
    is_paced: bool = False
    rest_until: datetime | None = None
    is_transmitting: bool = False


def claim_due(
    mailbox_id: UUID, limit: int, *, worker: str, at: datetime, seen: Mailbox | None = None
) -> list[Claim]:
    """Give this worker up to `limit` due emails: the interactive lane first, then by due time.

    No more than the mailbox's pace allows now are given, and they count as sent. A claim
    lasts until `at + LEASE` unless renewed; afterwards any worker may take the email over.
    Two workers never hold the same email. The mailbox is read, unless it was `seen` just now.
    """
    token = uuid4()
    _in_hand.add(token)
    try:
        claims = _claim(mailbox_id, limit, token, worker=worker, at=at, seen=seen)
    except BaseException:
        _in_hand.discard(token)
        raise
    if not claims:
        _in_hand.discard(token)
    return claims


def _claim(
    mailbox_id: UUID,
    limit: int,
    token: UUID,
    *,
    worker: str,
    at: datetime,
    seen: Mailbox | None,
) -> list[Claim]:
    with alone():
        (mailbox,) = [seen] if seen else rows.select(Mailbox, {"id": mailbox_id})
        meter = Meter.of(mailbox, at=at)
        due = _pick(mailbox_id, limit, meter.allowance if meter else Allowance(), at=at)
        if meter:
            del due[meter.in_time(due, at=at) :]
        emails = still_relevant(due, at=at)
        recipients = _recipients_of(emails)
        if meter:
            waiting = [_count_waiting(recipients[email.pk]) for email in emails]
            del emails[meter.fitting(waiting, at=at) :]
            if emails:
                meter.spend(emails, waiting[: len(emails)], at=at)
            meter.store()
        if not emails:
            return []
        made = rows.counts(Attempt, "email_id", [email.pk for email in emails])
        _take(emails, token, worker=worker, at=at)
        _begin_day(emails, made, mailbox=mailbox, at=at)
    return [
        Claim(
            email,
            recipients[email.pk],
            token,
            worker,
            number=made.get(email.pk, 0) + 1,
            transport=mailbox.transport,
            keeps_copy=keeps_copy(mailbox),
            is_paced=meter is not None,
            rest_until=meter.quota.rest_until if meter else None,
        )
        for email in emails
    ]


def _pick(mailbox_id: UUID, limit: int, allowed: Allowance, *, at: datetime) -> list[Email]:
    """Each lane by itself: the index leads straight to what is due in it.

    What must no longer go is left to `expire.py`.
    """
    emails: list[Email] = []
    for lane, most in ((Lane.INTERACTIVE, allowed.interactive), (Lane.BULK, allowed.bulk)):
        room = limit if most is None else min(limit, most)
        if room <= len(emails):
            break
        found = rows.select(
            Email,
            {"mailbox_id": mailbox_id, "state": State.QUEUED, "lane": lane, "due_at__lte": at},
            order=("due_at", "id"),
            limit=room - len(emails),
            lock=rows.Lock.SKIP,
        )
        emails += [email for email in found if email.not_after is None or email.not_after > at]
    return emails


def _recipients_of(emails: Sequence[Email]) -> Mapping[UUID, list[Recipient]]:
    of: dict[UUID, list[Recipient]] = {email.pk: [] for email in emails}
    if emails:
        for recipient in rows.select(Recipient, {"email_id__in": list(of)}, order=("position",)):
            of[recipient.email_id].append(recipient)
    return of


def _count_waiting(recipients: Sequence[Recipient]) -> int:
    return sum(each.state == RecipientState.WAITING for each in recipients)


def _take(emails: Sequence[Email], token: UUID, *, worker: str, at: datetime) -> None:
    changes = {
        "state": State.SENDING,
        "state_since": at,
        "reason": Reason.NONE,
        "reason_detail": "",
        "claim_token": token,
        "claimed_by": worker,
        "claim_until": at + LEASE,
    }
    rows.update_all(Email, changes, [email.pk for email in emails])
    event = {"code": Code.CLAIMED, "at": at, "by_id": None, "detail": {"worker": worker}}
    rows.insert(Event, *({"email_id": email.pk, **event} for email in emails))


def _begin_day(
    emails: Sequence[Email], made: Mapping[UUID, int], *, mailbox: Mailbox, at: datetime
) -> None:
    """The day of tries begins with the first of them, while the mailbox can send.

    What an email waited for before, a pace, a settled mailbox, a process that stood still,
    was nobody's try.
    """
    able_since = mailbox.able_since or mailbox.created_at
    for email in emails:
        is_late = email.pk not in made and at - email.first_due_at > LATE
        since = at if is_late else able_since
        if email.first_due_at < since:
            email.first_due_at = since
            rows.update(Email, {"first_due_at": since}, {"id": email.pk})


def to_try(recipients: Sequence[Recipient], *, at: datetime) -> list[Recipient]:
    """Those whose turn an attempt at that time is: not settled, and their wait is over.

    All who are not settled, if somebody hurries.
    """
    waiting = [each for each in recipients if each.state == RecipientState.WAITING]
    ready = [each for each in waiting if each.again_at is None or each.again_at <= at]
    return ready or waiting


def renew(claims: Sequence[Claim], *, at: datetime) -> None:
    """Keep claims that wait their turn in a long sitting. Lost ones stay lost."""
    for claim in claims:
        mine = {"id": claim.email.pk, "claim_token": claim.token}
        rows.update(Email, {"claim_until": at + LEASE}, mine)


def begin_transmitting(claim: Claim, *, server: str, started_at: datetime, at: datetime) -> None:
    """Note that the next step cannot be taken back. Raises ClaimLost, and then it must not be.

    From here until the outcome is stored, a dead worker leaves the email `unknown`.
    """
    together(beginning(claim, server=server, started_at=started_at, at=at))
    claim.is_transmitting = True


def beginning(claim: Claim, *, server: str, started_at: datetime, at: datetime) -> Write:
    """The same as a write that can share a transaction. Once that is committed, the claim is
    to be marked as transmitting."""
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

    def write() -> None:
        if not rows.update(Email, {"claim_until": at + TRANSMITTING_LEASE}, mine):
            raise ClaimLost(claim.email.pk)
        rows.insert(Attempt, attempt)

    return write
