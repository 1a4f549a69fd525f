"""Whose fault a refusal is that could be the mailbox's: sometimes it is this email's alone.

Some servers say of one recipient, again and again, what others say of an account that may not
send ("554 5.7.1 Relay access denied"). The mailbox has rested for it once. If its other emails
have left since, the same words do not make it rest again.
"""

from __future__ import annotations

from dataclasses import replace

from outtray.delivery import schedule
from outtray.delivery.pauses import Kind, kind_of
from outtray.outbox.claim import Claim
from outtray.outbox.failures import from_json
from outtray.outbox.models import Attempt, Email
from outtray.outbox.settle import Tried
from outtray.outbox.states import State
from outtray.transports.base import Failure, Scope, Stage, Verdict


def blamed(claim: Claim, tried: Tried) -> Tried:
    """What was tried, with the recipients blamed for what does not stop the mailbox."""
    failure = schedule.concerns_mailbox(tried.outcome.verdicts)
    if failure is None or not _may_be_of_recipients(failure) or not _others_left(claim, failure):
        return tried
    verdicts = tuple(_of_recipient(verdict) for verdict in tried.outcome.verdicts)
    return replace(tried, outcome=replace(tried.outcome, verdicts=verdicts))


def _may_be_of_recipients(failure: Failure) -> bool:
    return (
        failure.stage == Stage.RECIPIENT
        and not failure.is_temporary
        and kind_of(failure) == Kind.SENDER
    )


def _others_left(claim: Claim, failure: Failure) -> bool:
    """Whether emails of this mailbox were taken since this one was refused with these codes."""
    last = Attempt.objects.filter(email_id=claim.email.pk, number=claim.number - 1).first()
    before = from_json(last.failure) if last else None
    if last is None or before is None or _codes(before) != _codes(failure):
        return False
    sent = Email.objects.filter(company=claim.email.company_id, state=State.SENT)
    return sent.filter(mailbox=claim.email.mailbox_id, settled_at__gt=last.ended_at).exists()


def _codes(failure: Failure) -> tuple[Stage, int, str]:
    return failure.stage, failure.code, failure.enhanced_code


def _of_recipient(verdict: Verdict) -> Verdict:
    if isinstance(verdict, Failure) and verdict.scope in schedule.PAUSING:
        return replace(verdict, scope=Scope.RECIPIENT)
    return verdict
