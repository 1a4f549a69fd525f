from __future__ import annotations

from datetime import datetime, timedelta

from outtray.mailboxes import history
from outtray.people.models import Membership
from tests.builders import user_email


def test_every_line_of_a_mailboxs_history_has_a_sentence() -> None:
    assert set(history.SENTENCES) == set(history.Code)


def test_a_line_tells_what_happened_when_and_by_whom(ben: Membership, at: datetime) -> None:
    mailbox = user_email(ben, at=at)

    history.record(mailbox.pk, history.Code.CHANGED, at=at, by=ben.person, detail={"what": "host"})

    line = mailbox.events.get()
    assert (line.code, line.at, line.by) == ("changed", at, ben.person)
    assert line.detail == {"what": "host"}


def test_the_last_time_of_something_is_remembered(ben: Membership, at: datetime) -> None:
    mailbox = user_email(ben, at=at)
    history.record(mailbox.pk, history.Code.PAUSED, at=at)
    history.record(mailbox.pk, history.Code.PAUSED, at=at + timedelta(hours=1))

    assert history.last(mailbox.pk, history.Code.PAUSED) == at + timedelta(hours=1)
    assert history.last(mailbox.pk, history.Code.TOLD) is None
