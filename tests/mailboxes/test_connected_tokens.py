"""The tokens of a connected mailbox: renewed in time, and what is told when they are not."""

from __future__ import annotations

from datetime import datetime

import pytest
from pytest_django import Settings

from outtray.lib import clock
from outtray.lib.sealing import Secret
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.routes import fingerprint_of, route_for, secret_of
from outtray.people.models import Membership
from outtray.transports.base import Failure, Resource, Token
from tests.mailboxes.signing_in import (
    GOOGLE,
    MICROSOFT,
    begun,
    connected,
    finished,
    grants_seen,
    registered,
)
from tests.servers.oauth.server import OAuthServer
from tests.servers.oauth.walking import come_back

pytestmark = pytest.mark.servers


@pytest.fixture
def at() -> datetime:
    """The server's own time: it judges what we say about ours."""
    return clock.now()


@pytest.fixture(autouse=True)
def apps(oauth_server: OAuthServer, settings: Settings, anna: Membership, at: datetime) -> None:
    settings.STAND_INS = oauth_server.stand_ins
    registered(anna, "google", at=at)
    registered(anna, "microsoft", at=at)


def test_a_token_is_renewed_when_it_nears_its_end_and_kept_until_then(
    ben: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    oauth_server.set("google", token_seconds=100)
    mailbox = connected(ben, GOOGLE, at=at)
    tokens = route_for(mailbox).tokens
    assert tokens is not None

    first = tokens.access_token(Resource.GMAIL)
    oauth_server.set("google", token_seconds=3600)
    second = tokens.access_token(Resource.GMAIL)
    third = tokens.access_token(Resource.GMAIL)

    assert isinstance(first, Token)
    assert isinstance(second, Token)
    assert first.value != second.value
    assert second == third
    assert second.account == "ben@nordwind.example"
    assert grants_seen(oauth_server, "google") == ["authorization_code"] + ["refresh_token"] * 2


def test_the_token_that_came_with_the_consent_is_used_first(
    ben: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    mailbox = finished(ben, come_back(begun(ben, GOOGLE, at=at)), at=at)

    tokens = route_for(mailbox).tokens
    assert tokens is not None
    token = tokens.access_token(Resource.GMAIL)

    assert isinstance(token, Token)
    assert "https://www.googleapis.com/auth/gmail.send" in token.scopes
    assert grants_seen(oauth_server, "google") == ["authorization_code"]


def test_a_refused_token_is_renewed(ben: Membership, at: datetime) -> None:
    tokens = route_for(connected(ben, GOOGLE, at=at)).tokens
    assert tokens is not None
    first = tokens.access_token(Resource.GMAIL)
    assert isinstance(first, Token)

    second = tokens.access_token(Resource.GMAIL, refused=first.value)

    assert isinstance(second, Token)
    assert second.value != first.value
    assert tokens.access_token(Resource.GMAIL, refused=first.value) == second


def test_a_refresh_token_that_works_once_is_replaced_each_time(
    ben: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    oauth_server.set("microsoft", strict_rotation=True)
    mailbox = connected(ben, MICROSOFT, at=at)
    seen = {secret_of(mailbox).value}

    for _ in range(3):
        token = route_for(mailbox).tokens.access_token(  # type: ignore[union-attr] # it has some
            Resource.SMTP, refused=Secret("the one before")
        )
        assert isinstance(token, Token)
        _forget_access_tokens(mailbox)
        mailbox = Mailbox.objects.get(pk=mailbox.pk)
        seen.add(secret_of(mailbox).value)

    assert len(seen) == 4


def test_a_renewed_token_does_not_unvalidate_and_a_new_consent_does(
    ben: Membership, at: datetime
) -> None:
    mailbox = connected(ben, MICROSOFT, at=at)
    before = fingerprint_of(mailbox)

    tokens = route_for(mailbox).tokens
    assert tokens is not None
    tokens.access_token(Resource.SMTP)
    renewed = fingerprint_of(Mailbox.objects.get(pk=mailbox.pk))
    anew = fingerprint_of(connected(ben, MICROSOFT, at=at))

    assert renewed == before
    assert anew != before


@pytest.mark.parametrize(
    ("draft", "identifier"),
    [(GOOGLE, "invalid_grant"), (MICROSOFT, "AADSTS50173")],
    ids=["google", "microsoft"],
)
def test_a_consent_that_was_taken_back_is_told(
    ben: Membership, oauth_server: OAuthServer, at: datetime, draft: MailboxDraft, identifier: str
) -> None:
    mailbox = connected(ben, draft, at=at)
    oauth_server.forget(draft.sign_in, "ben@nordwind.example")

    tokens = route_for(mailbox).tokens
    assert tokens is not None
    failure = tokens.access_token(Resource.SMTP if draft is MICROSOFT else Resource.GMAIL)

    assert isinstance(failure, Failure)
    assert (failure.identifier, failure.is_temporary) == (identifier, False)


def test_a_sign_in_service_that_is_down_is_waited_for(
    ben: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    mailbox = connected(ben, MICROSOFT, at=at)
    oauth_server.set("microsoft", is_down=True)

    tokens = route_for(mailbox).tokens
    assert tokens is not None
    failure = tokens.access_token(Resource.SMTP)

    assert isinstance(failure, Failure)
    assert (failure.is_temporary, failure.wait) == (True, 30)


def test_a_lost_answer_costs_nothing_where_the_old_token_stays_good(
    ben: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    mailbox = connected(ben, MICROSOFT, at=at)
    oauth_server.set("microsoft", loses_answers=1)
    tokens = route_for(mailbox).tokens
    assert tokens is not None

    first, second = (tokens.access_token(Resource.SMTP) for _ in range(2))

    assert isinstance(first, Failure)
    assert first.is_temporary
    assert isinstance(second, Token)


def test_a_token_is_given_to_its_providers_servers_only(ben: Membership, at: datetime) -> None:
    mailbox = connected(ben, MICROSOFT, at=at)
    thief = {**mailbox.settings, "host": "smtp.thief.example"}
    Mailbox.objects.filter(pk=mailbox.pk).update(settings=thief)

    tokens = route_for(Mailbox.objects.get(pk=mailbox.pk)).tokens

    assert tokens is not None
    failure = tokens.access_token(Resource.SMTP)
    assert isinstance(failure, Failure)
    assert "smtp.thief.example is no server of Microsoft" in failure.text


def _forget_access_tokens(mailbox: Mailbox) -> None:
    from outtray.mailboxes.tokens import forget_tokens

    forget_tokens(mailbox.grant.pk)
