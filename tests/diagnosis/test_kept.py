from __future__ import annotations

from datetime import datetime

from outtray.diagnosis.kept import explain_kept, explain_pause
from outtray.mailboxes.health import pause
from outtray.mailboxes.models import Mailbox
from outtray.outbox.failures import to_json
from outtray.people.models import Membership
from outtray.transports.base import Failure, Scope, Source, Stage
from tests import builders

REFUSED_LOGIN = Failure(
    stage=Stage.LOGIN,
    scope=Scope.MAILBOX,
    is_temporary=False,
    source=Source.SERVER,
    text="5.7.8 Authentication failed",
    code=535,
    enhanced_code="5.7.8",
)


def test_a_paused_mailbox_says_why_and_what_to_do(ben: Membership, at: datetime) -> None:
    mailbox = builders.user_email(ben, at=at)
    failure = to_json(REFUSED_LOGIN)
    assert failure
    pause(mailbox.pk, cause="login", failure=failure, until=None, at=at)

    told = explain_pause(Mailbox.objects.get())

    assert told is not None
    assert told.cause == "wrong_password"
    assert told.words == "535 5.7.8 Authentication failed"


def test_what_has_not_failed_has_no_explanation(ben: Membership, at: datetime) -> None:
    mailbox = builders.user_email(ben, at=at)

    assert explain_pause(mailbox) is None
    assert explain_kept(None, mailbox) is None
