"""Tokens when several want them at once, in one process and in several."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from outtray.lib import clock
from outtray.lib.sealing import Secret
from outtray.mailboxes.models import Credential, Grant, Mailbox
from outtray.mailboxes.routes import route_for, secret_of
from outtray.mailboxes.tokens import LEASE, MailboxTokens, forget_tokens
from outtray.people.models import Membership
from outtray.transports.base import Failure, Resource, Token
from tests.conftest import TurnedClock
from tests.mailboxes.signing_in import MICROSOFT, connected, grants_seen, registered
from tests.servers.oauth.server import OAuthServer

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mailbox(
    oauth_server: OAuthServer, settings: Settings, anna: Membership, ben: Membership
) -> Mailbox:
    """Connected where a refresh token works once, so that a second renewal at once ends all."""
    settings.STAND_INS = oauth_server.stand_ins
    at = clock.now()
    registered(anna, "microsoft", at=at)
    mailbox = connected(ben, MICROSOFT, at=at)
    oauth_server.reset()
    oauth_server.set("microsoft", strict_rotation=True)
    return mailbox


def at_once(number: int, work: Callable[[], object]) -> list[object]:
    ready = threading.Barrier(number)

    def one() -> object:
        try:
            ready.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as workers:
        return [each.result() for each in [workers.submit(one) for _ in range(number)]]


def test_eight_threads_at_once_renew_once(mailbox: Mailbox, oauth_server: OAuthServer) -> None:
    mine = MailboxTokens(mailbox.grant)

    given = at_once(8, lambda: mine.access_token(Resource.SMTP))

    assert len({token.value.value for token in given if isinstance(token, Token)}) == 1
    assert all(isinstance(token, Token) for token in given), given
    assert grants_seen(oauth_server, "microsoft") == ["refresh_token"]


def test_processes_take_turns(mailbox: Mailbox, oauth_server: OAuthServer) -> None:
    """Each with a memory of its own: the lease in the database is all that they share."""

    def renew() -> object:
        alone = MailboxTokens(mailbox.grant)
        return alone._leased(Resource.SMTP)

    given = at_once(4, renew)

    assert all(isinstance(token, Token) for token in given), given
    assert grants_seen(oauth_server, "microsoft") == ["refresh_token"] * 4
    assert Grant.objects.get().renewing_until is None


def test_a_process_that_died_while_renewing_holds_nobody_up_for_long(mailbox: Mailbox) -> None:
    turned = TurnedClock(clock.now())
    Grant.objects.update(renewing_by="dead", renewing_until=turned.now() + timedelta(minutes=1))

    token = MailboxTokens(mailbox.grant, clock=turned).access_token(Resource.SMTP)

    assert isinstance(token, Token)
    assert turned.now() < clock.now() + LEASE


def test_who_waits_too_long_for_his_turn_comes_back_later(mailbox: Mailbox) -> None:
    turned = TurnedClock(clock.now())
    far = turned.now() + 10 * LEASE
    Grant.objects.update(renewing_by="another", renewing_until=far)

    failure = MailboxTokens(mailbox.grant, clock=turned).access_token(Resource.SMTP)

    assert isinstance(failure, Failure)
    assert failure.is_temporary
    assert Grant.objects.get().renewing_by == "another"


def test_connecting_anew_meanwhile_is_not_undone(
    mailbox: Mailbox, ben: Membership, oauth_server: OAuthServer
) -> None:
    """A renewal for the old consent ends after the new one was stored."""
    old = MailboxTokens(mailbox.grant)
    anew = connected(ben, MICROSOFT, at=clock.now())
    stored = secret_of(anew)

    failure = old.access_token(Resource.SMTP)

    assert isinstance(failure, Failure)
    assert failure.identifier == "not_connected"
    assert secret_of(Mailbox.objects.get(pk=anew.pk)) == stored


def test_a_credential_that_cannot_be_opened_is_said(mailbox: Mailbox) -> None:
    Credential.objects.update(sealed=b"OT1\x04lostabc")

    failure = MailboxTokens(mailbox.grant).access_token(Resource.SMTP)

    assert isinstance(failure, Failure)
    assert "its key is gone" in failure.text


def test_what_is_forgotten_is_asked_for_again(mailbox: Mailbox, oauth_server: OAuthServer) -> None:
    route = route_for(mailbox)
    assert route.tokens is not None
    assert route.secret == Secret("")
    first = route.tokens.access_token(Resource.SMTP)

    forget_tokens(mailbox.grant.pk)

    assert route.tokens.access_token(Resource.SMTP) != first
