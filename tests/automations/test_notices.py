"""Somebody hears of a paused mailbox: once, by another mailbox, in words that help."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.conf import settings
from django.db import connection

from outtray.automations.notices import NoticeWork, tell
from outtray.mailboxes.health import mark_validated, pause, resume
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.routes import fingerprint_of
from outtray.outbox.failures import to_json
from outtray.outbox.models import Email
from outtray.people.models import Membership
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble
from tests.builders import company_email, queued, user_email

HOUR = timedelta(hours=1)
REFUSED = Failure(
    Stage.LOGIN,
    Scope.MAILBOX,
    is_temporary=False,
    source=Source.SERVER,
    text="5.7.8 Username and <Password> not accepted",
    code=535,
    enhanced_code="5.7.8",
)
DOWN = Failure(
    Stage.CONNECT,
    Scope.SERVER,
    is_temporary=True,
    source=Source.NETWORK,
    text="connection refused",
    trouble=Trouble.CONNECTION_REFUSED,
)
UNTRUSTED = replace(
    DOWN,
    stage=Stage.TLS,
    scope=Scope.MAILBOX,
    is_temporary=False,
    trouble=Trouble.CERTIFICATE_UNTRUSTED,
)


@pytest.fixture
def bens(ben: Membership, at: datetime) -> Mailbox:
    return user_email(ben, at=at)


@pytest.fixture
def billing(anna: Membership, at: datetime) -> Mailbox:
    return company_email(anna.company, at=at)


def stop(
    mailbox: Mailbox,
    *,
    at: datetime,
    failure: Failure = REFUSED,
    until: datetime | None = None,
    cause: str = "password",
) -> None:
    assert pause(mailbox.pk, cause=cause, failure=to_json(failure) or {}, until=until, at=at)


def due(at: datetime) -> list[str]:
    return list(NoticeWork().due(at))


def message_of(email: Email) -> EmailMessage:
    message = message_from_bytes(settings.BLOBS.get(email.message), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(email: Email, kind: str = "plain") -> str:
    body = message_of(email).get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_the_owner_is_told_what_happened_what_helps_and_what_waits(
    bens: Mailbox, billing: Mailbox, at: datetime
) -> None:
    for _ in range(3):
        queued(bens, at=at)
    stop(bens, at=at)

    assert due(at) == [f"{bens.company_id}/{bens.pk}"]
    assert tell(bens.pk, at=at)

    notice = Email.objects.get(mailbox=billing)
    assert notice.subject == "Outtray cannot send from ben@nordwind.example"
    assert [r.address for r in notice.recipients.all()] == ["ben@nordwind.example"]
    text = text_of(notice)
    assert text.startswith("The mail server does not accept this user name and password.")
    assert "Emails waiting: 3." in text
    assert "Who must act: You, whose mailbox this is" in text
    assert "1. Check the user name" in text
    assert f"{settings.BASE_URL}/mailboxes/{bens.pk}/" in text
    assert "535 5.7.8 Username and <Password> not accepted" in text
    assert "&lt;Password&gt;" in text_of(notice, "html")
    assert message_of(notice)["Auto-Submitted"] == "auto-generated"


def test_it_is_told_once_however_many_workers_there_are(
    bens: Mailbox, billing: Mailbox, at: datetime
) -> None:
    stop(bens, at=at)

    told = [tell(bens.pk, at=at) for _ in range(3)]

    assert told == [True, False, False]
    assert due(at + 48 * HOUR) == []
    assert Email.objects.count() == 1
    line = bens.events.get(code="told")
    assert line.detail == {"by": "mail", "email": str(Email.objects.get().pk), "cause": "password"}


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_tell_it_once(bens: Mailbox, billing: Mailbox, at: datetime) -> None:
    stop(bens, at=at)
    ready = threading.Barrier(4)

    def work() -> bool:
        try:
            ready.wait()
            return tell(bens.pk, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        told = [each.result() for each in [workers.submit(work) for _ in range(4)]]

    assert sorted(told) == [False, False, False, True]
    assert Email.objects.count() == 1
    assert bens.events.filter(code="told").count() == 1


def test_administrators_hear_of_a_company_email_through_another_mailbox(
    anna: Membership, ben: Membership, billing: Mailbox, at: datetime
) -> None:
    annas = user_email(anna, at=at)
    user_email(ben, at=at)
    stop(billing, at=at)

    tell(billing.pk, at=at)

    notice = Email.objects.get()
    assert notice.mailbox == annas
    assert [r.address for r in notice.recipients.all()] == ["anna@nordwind.example"]
    assert f"/mailboxes/{billing.pk}/" in text_of(notice)


def test_the_default_company_email_carries_it_before_all_others(
    anna: Membership, bens: Mailbox, at: datetime
) -> None:
    user_email(anna, at=at)
    company_email(anna.company, at=at, name="Orders", is_default=False)
    default = company_email(anna.company, at=at + HOUR)
    stop(bens, at=at)

    tell(bens.pk, at=at)

    assert Email.objects.get().mailbox == default


def test_what_an_administrator_must_put_right_he_hears_as_well(
    anna: Membership, bens: Mailbox, billing: Mailbox, at: datetime
) -> None:
    stop(bens, at=at, failure=UNTRUSTED, until=at + HOUR, cause="configuration")

    tell(bens.pk, at=at + HOUR)

    told = [r.address for r in Email.objects.get().recipients.all()]
    assert told == ["ben@nordwind.example", "anna@nordwind.example"]


def test_without_another_mailbox_that_works_the_page_alone_tells_it(
    anna: Membership, bens: Mailbox, at: datetime
) -> None:
    company_email(anna.company, at=at, health=Health.UNVALIDATED)
    stop(bens, at=at)

    assert tell(bens.pk, at=at)

    assert not Email.objects.exists()
    assert bens.events.get(code="told").detail == {"by": "page", "cause": "password"}
    assert due(at + 48 * HOUR) == []


def test_another_companys_mailboxes_and_persons_have_no_part_in_it(
    clara: Membership, bens: Mailbox, at: datetime
) -> None:
    company_email(clara.company, at=at)
    user_email(clara, at=at)
    stop(bens, at=at)

    tell(bens.pk, at=at)

    assert not Email.objects.exists()


def test_what_passes_by_itself_is_told_when_it_has_lasted_an_hour(
    bens: Mailbox, billing: Mailbox, at: datetime
) -> None:
    stop(bens, at=at, failure=DOWN, until=at + timedelta(minutes=15), cause="server")

    assert due(at + timedelta(minutes=59)) == []
    assert tell(bens.pk, at=at + HOUR)
    assert "It tries again by itself" in text_of(Email.objects.get())


def test_a_pause_that_is_to_last_is_told_when_it_begins(
    bens: Mailbox, billing: Mailbox, at: datetime
) -> None:
    stop(bens, at=at, failure=DOWN, until=at + 24 * HOUR, cause="quota")

    assert len(due(at)) == 1


def test_what_is_over_is_told_to_nobody(bens: Mailbox, billing: Mailbox, at: datetime) -> None:
    stop(bens, at=at, failure=DOWN, until=at + 24 * HOUR, cause="quota")
    resume(bens.pk, at=at)

    assert not tell(bens.pk, at=at)
    assert due(at + HOUR) == []


def test_a_trouble_that_comes_and_goes_by_itself_is_told_once_a_day(
    bens: Mailbox, billing: Mailbox, at: datetime
) -> None:
    for hour in range(30):
        stop(bens, at=at + hour * HOUR, failure=DOWN, until=at + 99 * HOUR, cause="quota")
        tell(bens.pk, at=at + hour * HOUR)
        resume(bens.pk, at=at + hour * HOUR)

    assert Email.objects.count() == 2


def test_a_trouble_that_a_person_had_put_right_is_told_again_after_an_hour(
    bens: Mailbox, billing: Mailbox, at: datetime
) -> None:
    stop(bens, at=at)
    tell(bens.pk, at=at)
    mark_validated(bens, fingerprint_of(bens), at + timedelta(minutes=5))

    stop(bens, at=at + timedelta(minutes=10))

    assert due(at + timedelta(minutes=30)) == []
    assert tell(bens.pk, at=at + HOUR)
    assert Email.objects.count() == 2


def test_another_trouble_in_the_same_pause_is_told_as_well(
    bens: Mailbox, billing: Mailbox, at: datetime
) -> None:
    stop(bens, at=at, failure=DOWN, until=at + 24 * HOUR, cause="quota")
    tell(bens.pk, at=at)

    stop(bens, at=at + 2 * HOUR)

    assert tell(bens.pk, at=at + 2 * HOUR)
    assert [email.subject for email in Email.objects.order_by("pk")] == [
        "Outtray cannot send from ben@nordwind.example at present",
        "Outtray cannot send from ben@nordwind.example",
    ]
