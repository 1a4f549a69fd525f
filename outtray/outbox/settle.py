"""Store what came of an attempt, at once and together with what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from outtray.mailboxes import pace
from outtray.outbox import rows
from outtray.outbox.claim import Claim, ClaimLost, Write
from outtray.outbox.decision import Decision
from outtray.outbox.events import Code
from outtray.outbox.failures import to_json
from outtray.outbox.models import Attempt, Recipient, SentCopy
from outtray.outbox.move import move
from outtray.outbox.states import Phase, Reason, RecipientState, State
from outtray.outbox.together import together
from outtray.transports.base import Accepted, Failure, Outcome, Verdict

MAX_TRANSCRIPT = 20_000
# A server that files by itself what it sends takes some seconds for it.
FILING = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt that has ended: who was tried, when, through which server, with what outcome."""

    recipients: Sequence[Recipient]
    outcome: Outcome
    server: str
    started_at: datetime


def settle(claim: Claim, tried: Tried, decision: Decision, *, at: datetime) -> None:
    """Write attempt, recipients, state and Event in one transaction.

    Raises ClaimLost, and changes nothing, if the email was taken over meanwhile.
    """
    together(settlement(claim, tried, decision, at=at))


def settlement(claim: Claim, tried: Tried, decision: Decision, *, at: datetime) -> Write:
    """The same as a write that can share a transaction."""
    failure = _first_failure(tried.outcome)

    def write() -> None:
        moved = move(
            claim.email.pk,
            (State.SENDING, decision.state),
            _code(decision),
            at=at,
            claim=claim.token,
            detail=_detail(tried.outcome, failure, decision),
            **_fields(failure, decision, claim.email.tries, at=at),
        )
        if not moved:
            raise ClaimLost(claim.email.pk)
        _end_attempt(claim, tried, failure, decision, at=at)
        _write_recipients(tried, decision, at=at)
        if claim.keeps_copy and decision.state == State.SENT:
            _want_copy(claim, at=at)

    return write


def give_back(
    claims: Sequence[Claim], *, at: datetime, reason: Reason = Reason.NONE, detail: str = ""
) -> None:
    """Put claimed emails back as they were: nothing was handed over, no try is spent."""
    given = [claim for claim in claims if _give_back(claim, at=at, reason=reason, detail=detail)]
    paced = [claim for claim in given if claim.is_paced]
    if paced:
        recipients = sum(len(claim.recipients) for claim in paced)
        mailbox_id = paced[0].email.mailbox_id
        pace.refund(mailbox_id, messages=len(paced), recipients=recipients, at=at)


def _give_back(claim: Claim, *, at: datetime, reason: Reason, detail: str) -> bool:
    return move(
        claim.email.pk,
        (State.SENDING, State.QUEUED),
        Code.GIVEN_BACK,
        at=at,
        claim=claim.token,
        detail={"why": detail} if detail else None,
        reason=reason,
        reason_detail=detail[:500],
    )


def _first_failure(outcome: Outcome) -> Failure | None:
    return next((v for v in outcome.verdicts if isinstance(v, Failure)), None)


def _end_attempt(
    claim: Claim, tried: Tried, failure: Failure | None, decision: Decision, *, at: datetime
) -> None:
    attempt = {"email_id": claim.email.pk, "claim_token": claim.token}
    ended = {
        "phase": Phase.ENDED,
        "ended_at": at,
        "server": tried.server,
        "result": decision.state,
        "reply": _reply(tried.outcome.verdicts),
        "failure": to_json(failure),
        "transcript": "\n".join(tried.outcome.transcript)[:MAX_TRANSCRIPT],
    }
    if claim.is_transmitting:
        rows.update(Attempt, ended, attempt)
        return
    rows.insert(
        Attempt,
        {
            **attempt,
            **ended,
            "number": claim.number,
            "worker": claim.worker,
            "started_at": tried.started_at,
        },
    )


def _reply(verdicts: Sequence[Verdict]) -> str:
    """The words to show for the attempt: an acceptance before all else."""
    accepted = [verdict.reply for verdict in verdicts if isinstance(verdict, Accepted)]
    return accepted[0] if accepted else words(verdicts[0])


def words(verdict: Verdict) -> str:
    """The server's or the system's own words."""
    if isinstance(verdict, Accepted):
        return verdict.reply
    if isinstance(verdict, Failure) and verdict.code:
        return f"{verdict.code} {verdict.text}"
    return verdict.text


def _write_recipients(tried: Tried, decision: Decision, *, at: datetime) -> None:
    again_at = decision.again_at or (None,) * len(decision.recipients)
    for recipient, verdict, state, again in zip(
        tried.recipients, tried.outcome.verdicts, decision.recipients, again_at, strict=True
    ):
        changes = {
            "state": state,
            "reply": words(verdict),
            "failure": to_json(verdict) if isinstance(verdict, Failure) else None,
            "tries": recipient.tries + decision.spends_try,
            "again_at": again,
            "settled_at": None if state == RecipientState.WAITING else at,
        }
        rows.update(Recipient, changes, {"id": recipient.pk})


def _want_copy(claim: Claim, *, at: datetime) -> None:
    """Have a copy put into the Sent folder, unless the server has done so until then."""
    copy = {
        "email_id": claim.email.pk,
        "mailbox_id": claim.email.mailbox_id,
        "sent_at": at,
        "due_at": at + FILING,
        "tries": 0,
    }
    rows.insert(SentCopy, copy)


def _code(decision: Decision) -> Code:
    if decision.state == State.SENT and RecipientState.FAILED in decision.recipients:
        return Code.PARTLY_SENT
    if decision.state == State.QUEUED and not decision.spends_try:
        some_went = RecipientState.ACCEPTED in decision.recipients
        return Code.CONTINUED if some_went else Code.GIVEN_BACK
    return {
        State.SENT: Code.SENT,
        State.FAILED: Code.FAILED,
        State.UNKNOWN: Code.UNKNOWN,
        State.QUEUED: Code.RETRY,
    }[decision.state]


def _detail(outcome: Outcome, failure: Failure | None, decision: Decision) -> dict[str, object]:
    detail: dict[str, object] = {"reply": _reply(outcome.verdicts)}
    if failure:
        detail["failure"] = to_json(failure)
    if decision.due_at:
        detail["again_at"] = decision.due_at.isoformat()
    return detail


def _fields(
    failure: Failure | None, decision: Decision, tries: int, *, at: datetime
) -> dict[str, Any]:
    fields: dict[str, Any] = {"last_failure": to_json(failure)}
    if decision.spends_try:
        fields["tries"] = tries + 1
    if decision.state == State.UNKNOWN:
        fields["look_up_at"] = at
    if decision.due_at:
        fields.update(
            due_at=decision.due_at,
            reason=_reason(decision),
            reason_detail=(failure.text if failure else "")[:500],
        )
    return fields


def _reason(decision: Decision) -> Reason:
    if decision.spends_try:
        return Reason.RETRY
    return Reason.NONE if RecipientState.ACCEPTED in decision.recipients else Reason.MAILBOX
