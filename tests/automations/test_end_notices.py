"""Somebody hears ahead that a secret or a consent ends: 30, 7 and 1 days, each once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from outtray.automations.end_notices import EndWork, tell_end
from outtray.lib.sealing import Secret
from outtray.mailboxes.ends import ending
from outtray.mailboxes.models import Grant, Mailbox, OAuthApp
from outtray.mailboxes.oauth_apps import AppDraft, save_app
from outtray.outbox.models import Email
from outtray.people.models import Membership
from tests.automations.test_notices import text_of
from tests.builders import company_email, user_email

DAY = timedelta(days=1)


@pytest.fixture
def app(anna: Membership, at: datetime) -> OAuthApp:
    """Its secret ends in 100 days."""
    draft = AppDraft("microsoft", "an-id", Secret("a secret"), secret_expires_at=at + 100 * DAY)
    return save_app(anna, draft, at=at)


@pytest.fixture
def billing(anna: Membership, at: datetime) -> Mailbox:
    return company_email(anna.company, at=at)


def due(at: datetime) -> list[str]:
    return list(EndWork().due(at))


def consent(mailbox: Mailbox, app: OAuthApp, *, ends_at: datetime, at: datetime) -> Grant:
    return Grant.objects.create(
        mailbox=mailbox,
        app=app,
        provider=app.provider,
        kind="user",
        granted_at=at,
        expires_at=ends_at,
    )


def test_an_end_is_told_at_each_mark_once(app: OAuthApp, billing: Mailbox, at: datetime) -> None:
    told = []
    for day in range(103):
        moment = at + day * DAY
        if due(moment):
            told.append(100 - day)
            assert tell_end(app.pk, at=moment)
            assert not tell_end(app.pk, at=moment)

    assert told == [30, 7, 1]
    assert Email.objects.count() == 3


def test_the_letter_says_what_ends_and_what_to_do(
    app: OAuthApp, billing: Mailbox, at: datetime
) -> None:
    tell_end(app.pk, at=at + 93 * DAY)

    letter = Email.objects.get(mailbox=billing)
    assert letter.subject == "The client secret for Microsoft ends in 7 days"
    assert [r.address for r in letter.recipients.all()] == ["anna@nordwind.example"]
    text = text_of(letter)
    assert "no mailbox that is connected at Microsoft can send" in text
    assert "Its last day: 2027-03-03" in text
    assert "1. In the Microsoft Entra admin center" in text
    assert "/settings/sign-in-providers/" in text


def test_what_has_ended_is_said_so(app: OAuthApp, billing: Mailbox, at: datetime) -> None:
    tell_end(app.pk, at=at + 102 * DAY)

    assert Email.objects.get().subject == "The client secret for Microsoft has ended"


def test_a_new_secret_begins_from_the_start(
    anna: Membership, app: OAuthApp, billing: Mailbox, at: datetime
) -> None:
    tell_end(app.pk, at=at + 99 * DAY)
    later = at + 99 * DAY
    draft = AppDraft("microsoft", "an-id", Secret("new"), secret_expires_at=later + 90 * DAY)

    save_app(anna, draft, at=later)

    assert due(later) == []
    assert due(later + 60 * DAY) == [f"{app.company_id}/{app.pk}"]


def test_the_owner_hears_of_his_own_consent(
    ben: Membership, app: OAuthApp, billing: Mailbox, at: datetime
) -> None:
    mailbox = user_email(ben, at=at)
    grant = consent(mailbox, app, ends_at=at + 7 * DAY, at=at)

    assert tell_end(grant.pk, at=at)

    letter = Email.objects.get()
    assert letter.subject == "The consent of ben@nordwind.example ends in 7 days"
    assert [r.address for r in letter.recipients.all()] == ["ben@nordwind.example"]
    assert mailbox.events.get(code="end_told").detail == {"by": "mail", "days": 7}


def test_without_a_mailbox_that_works_the_page_alone_tells_it(
    ben: Membership, app: OAuthApp, at: datetime
) -> None:
    grant = consent(user_email(ben, at=at), app, ends_at=at + DAY, at=at)
    grant.mailbox.health = "unvalidated"
    grant.mailbox.save()

    assert tell_end(grant.pk, at=at)

    assert not Email.objects.exists()
    assert due(at) == []


def test_the_page_shows_each_what_he_can_do_something_about(
    anna: Membership, ben: Membership, clara: Membership, app: OAuthApp, at: datetime
) -> None:
    consent(user_email(ben, at=at), app, ends_at=at + 90 * DAY, at=at)
    soon = at + 80 * DAY

    seen = {who: [end.what for end in ending(who, at=soon)] for who in (anna, ben, clara)}

    assert seen == {anna: ["consent", "client secret"], ben: ["consent"], clara: []}
    assert ending(anna, at=at) == []
