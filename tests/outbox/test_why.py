"""Why an email waits is said as it was."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from outtray.outbox.models import Email
from outtray.outbox.states import Reason
from outtray.outbox.why import why_not_sent
from outtray.people.models import Membership
from tests.builders import queued, reload, user_email


@pytest.mark.parametrize(
    ("source", "text", "sentence"),
    [
        (
            "server",
            "Mailbox full",
            "It was refused for now and is tried again. The server said: Mailbox full",
        ),
        (
            "network",
            "the server did not answer in time",
            "It could not be handed over and is tried again: the server did not answer in time.",
        ),
    ],
)
def test_a_server_that_said_nothing_is_not_quoted(
    source: str, text: str, sentence: str, ben: Membership, at: datetime
) -> None:
    email = queued(user_email(ben, at=at), at=at)
    Email.objects.filter(pk=email.pk).update(
        reason=Reason.RETRY,
        reason_detail=text,
        due_at=at + timedelta(minutes=1),
        last_failure={"source": source},
    )

    waiting = why_not_sent(reload(email), at=at)

    assert waiting is not None
    assert waiting.sentence == sentence
