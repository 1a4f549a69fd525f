"""Connect: from the press of the button to a mailbox with its consent, and what can go wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.mailboxes.connect import begin
from outtray.mailboxes.disconnect import disconnect
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.ends import ending
from outtray.mailboxes.models import Connecting, Credential, Grant, Health, Mailbox
from outtray.mailboxes.routes import route_for, secret_of
from outtray.mailboxes.save import save_user_email
from outtray.people.models import Membership
from outtray.transports.base import Failure, Resource, Token
from tests.mailboxes.signing_in import (
    BILLING,
    GOOGLE,
    MICROSOFT,
    begun,
    connected,
    finished,
    query_of,
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


@pytest.mark.parametrize("draft", [GOOGLE, MICROSOFT], ids=["google", "microsoft"])
def test_who_signs_in_and_allows_has_a_connected_mailbox(
    ben: Membership, at: datetime, draft: MailboxDraft
) -> None:
    mailbox = connected(ben, draft, at=at)

    assert (mailbox.owner, mailbox.address) == (ben.person, "ben@nordwind.example")
    assert (mailbox.sign_in, mailbox.health) == (draft.sign_in, Health.UNVALIDATED)
    assert (mailbox.grant.account, mailbox.grant.kind) == ("ben@nordwind.example", "user")
    assert [line.code for line in mailbox.events.all()] == ["connected"]
    assert not Connecting.objects.exists()


def test_what_is_asked_for_is_as_the_provider_wants_it(ben: Membership, at: datetime) -> None:
    google = query_of(begun(ben, GOOGLE, at=at))
    microsoft = query_of(begun(ben, MICROSOFT, at=at))

    assert google["access_type"] == "offline"
    assert google["prompt"].split()[0] == "consent"
    assert google["scope"].split()[-1] == "https://www.googleapis.com/auth/gmail.send"
    assert "offline_access" in microsoft["scope"].split()
    for asked in (google, microsoft):
        assert asked["code_challenge_method"] == "S256"
        assert asked["login_hint"] == "ben@nordwind.example"
        assert len(asked["state"]) > 40
        assert len(asked["nonce"]) > 40
    assert google["state"] != microsoft["state"]


def test_nothing_secret_of_a_sign_in_lies_in_the_database(ben: Membership, at: datetime) -> None:
    asked = query_of(begun(ben, GOOGLE, at=at))

    kept = Connecting.objects.get()
    written = f"{kept.__dict__}{bytes(kept.sealed)!r}"
    assert asked["state"] not in written
    assert asked["nonce"] not in written


def test_of_many_that_were_begun_the_newest_ten_are_kept(ben: Membership, at: datetime) -> None:
    first, *_, last = (query_of(begun(ben, GOOGLE, at=at))["state"] for _ in range(12))

    assert Connecting.objects.count() == 10
    codes = []
    for state in (first, last):
        with pytest.raises(Refused) as refused:
            finished(ben, {"state": state, "error": "access_denied"}, at=at)
        codes.append(refused.value.code)
    assert codes == ["sign_in_unknown", "consent_denied"]


def test_a_sign_in_is_finished_once(ben: Membership, at: datetime) -> None:
    back = come_back(begun(ben, GOOGLE, at=at))
    finished(ben, back, at=at)

    with pytest.raises(Refused) as refused:
        finished(ben, back, at=at)

    assert refused.value.code == "sign_in_unknown"


def test_nobody_finishes_what_another_has_begun(
    ben: Membership, anna: Membership, clara: Membership, at: datetime
) -> None:
    back = come_back(begun(ben, GOOGLE, at=at))

    for other in (anna, clara):
        with pytest.raises(Refused) as refused:
            finished(other, back, at=at)
        assert refused.value.code == "sign_in_unknown"
    assert finished(ben, back, at=at).owner == ben.person


def test_who_stays_too_long_on_the_providers_pages_begins_again(
    ben: Membership, at: datetime
) -> None:
    back = come_back(begun(ben, GOOGLE, at=at))

    with pytest.raises(Refused) as refused:
        finished(ben, back, at=at + timedelta(minutes=11))

    assert refused.value.code == "sign_in_too_late"
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize("draft", [GOOGLE, MICROSOFT], ids=["google", "microsoft"])
def test_who_does_not_allow_it_has_nothing_connected(
    ben: Membership, at: datetime, draft: MailboxDraft
) -> None:
    with pytest.raises(Refused) as refused:
        connected(ben, draft, at=at, allow=False)

    assert refused.value.code == "consent_denied"
    assert not Mailbox.objects.exists()


def test_where_only_an_administrator_may_allow_it_that_is_said(
    ben: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    oauth_server.set("microsoft", needs_administrator=True)

    with pytest.raises(Refused) as refused:
        connected(ben, MICROSOFT, at=at)

    assert refused.value.code == "consent_needs_administrator"
    failure = refused.value.facts["failure"]
    assert isinstance(failure, Failure)
    assert failure.identifier == "AADSTS90094"


def test_a_box_that_was_unticked_is_missed(ben: Membership, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        connected(ben, GOOGLE, at=at, choose=lambda scopes: ())

    assert refused.value.code == "scopes_missing"
    assert refused.value.facts["scopes"] == ("https://www.googleapis.com/auth/gmail.send",)
    assert not Mailbox.objects.exists()


def test_a_consent_that_does_not_last_is_not_taken(
    ben: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    oauth_server.set("google", knows_already=True)

    with pytest.raises(Refused) as refused:
        connected(ben, GOOGLE, at=at)

    assert refused.value.code == "no_refresh_token"
    assert not Mailbox.objects.exists()


def test_a_consent_that_ends_soon_is_known_from_the_start(
    ben: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    """As for an app that Google still has "in testing"."""
    oauth_server.set("google", refresh_days=7)

    mailbox = connected(ben, GOOGLE, at=at)

    assert mailbox.grant.expires_at == at + timedelta(days=7)
    assert [(end.what, end.mailbox) for end in ending(ben, at=at)] == [("consent", mailbox)]


def test_an_expired_secret_is_told_with_microsofts_number(
    ben: Membership, oauth_server: OAuthServer, at: datetime
) -> None:
    oauth_server.set("microsoft", secret_expired=True)

    with pytest.raises(Refused) as refused:
        connected(ben, MICROSOFT, at=at)

    failure = refused.value.facts["failure"]
    assert isinstance(failure, Failure)
    assert (refused.value.code, failure.identifier) == ("sign_in_failed", "AADSTS7000222")


def test_a_code_of_another_sign_in_opens_nothing(ben: Membership, at: datetime) -> None:
    """Its verifier is not ours, so the provider itself refuses it."""
    stolen = come_back(begun(ben, GOOGLE, at=at))["code"]
    mine = query_of(begun(ben, GOOGLE, at=at))["state"]

    with pytest.raises(Refused) as refused:
        finished(ben, {"state": mine, "code": stolen}, at=at)

    assert refused.value.code == "sign_in_failed"
    assert not Grant.objects.exists()


def test_connecting_needs_what_the_administrator_entered(clara: Membership, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        begun(clara, replace(GOOGLE, address="clara@suedhang.example"), at=at)

    assert refused.value.code == "oauth_app_missing"


def test_only_an_administrator_connects_a_company_email(
    anna: Membership, ben: Membership, at: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        begun(ben, BILLING, at=at)
    mailbox = connected(anna, BILLING, at=at)

    assert refused.value.code == "not_allowed"
    assert mailbox.is_default
    assert mailbox.grant.account == "billing@nordwind.example"


def test_clara_connects_no_mailbox_of_nordwind(
    anna: Membership, clara: Membership, at: datetime
) -> None:
    billing = connected(anna, BILLING, at=at)

    with pytest.raises(Refused) as refused:
        begin(
            clara, BILLING, provider="microsoft", redirect_uri="http://x/", at=at, mailbox=billing
        )

    assert refused.value.code == "no_such_mailbox"


def test_the_history_tells_each_connect_and_disconnect_and_no_password(
    ben: Membership, at: datetime
) -> None:
    connected(ben, MICROSOFT, at=at)
    mailbox = connected(ben, MICROSOFT, at=at)

    disconnect(ben, mailbox, at=at)

    lines = list(mailbox.events.all())
    assert [line.code for line in lines] == ["connected", "connected", "disconnected"]
    assert lines[0].detail == {
        "provider": "microsoft",
        "account": "ben@nordwind.example",
        "kind": "user",
    }
    assert {line.by for line in lines} == {ben.person}


def test_saving_the_form_again_keeps_the_consent_as_it_is(ben: Membership, at: datetime) -> None:
    mailbox = connected(ben, MICROSOFT, at=at)
    sealed = bytes(Credential.objects.get().sealed)

    saved = save_user_email(ben, replace(MICROSOFT, display_name="B. Behrens"), at=at)

    assert saved.display_name == "B. Behrens"
    assert bytes(Credential.objects.get().sealed) == sealed
    assert Grant.objects.get().pk == mailbox.grant.pk


def test_a_password_in_its_place_ends_the_consent(ben: Membership, at: datetime) -> None:
    connected(ben, MICROSOFT, at=at)
    password = replace(
        MICROSOFT, sign_in="", service_type="web_mail", secret=Secret("correct horse")
    )

    mailbox = save_user_email(ben, password, at=at)

    assert not Grant.objects.exists()
    assert route_for(mailbox).tokens is None
    assert route_for(mailbox).secret == Secret("correct horse")


@pytest.mark.parametrize(
    ("draft", "is_revoked"), [(GOOGLE, True), (MICROSOFT, False)], ids=["google", "microsoft"]
)
def test_disconnect_revokes_where_it_can_and_forgets_everywhere(
    ben: Membership, at: datetime, draft: MailboxDraft, is_revoked: bool
) -> None:
    mailbox = connected(ben, draft, at=at)
    route = route_for(mailbox)

    done = disconnect(ben, mailbox, at=at)

    mailbox = Mailbox.objects.get(pk=mailbox.pk)
    assert done is is_revoked
    assert secret_of(mailbox) == Secret("")
    assert mailbox.health == Health.UNVALIDATED
    for tokens in (route.tokens, route_for(mailbox).tokens):
        assert tokens is not None
        failure = tokens.access_token(Resource.SMTP)
        assert isinstance(failure, Failure)
        assert failure.identifier == "not_connected"


def test_a_consent_that_another_mailbox_needs_is_not_revoked(
    anna: Membership, ben: Membership, at: datetime
) -> None:
    company = replace(GOOGLE, whose="company", name="Desk")
    desk = connected(anna, company, at=at, account="ben@nordwind.example")
    mine = connected(ben, GOOGLE, at=at)

    done = disconnect(ben, mine, at=at)

    tokens = route_for(desk).tokens
    assert tokens is not None
    assert done is False
    assert isinstance(tokens.access_token(Resource.GMAIL), Token)


def test_only_its_owner_disconnects_a_user_email(
    anna: Membership, ben: Membership, clara: Membership, at: datetime
) -> None:
    mailbox = connected(ben, GOOGLE, at=at)

    for other in (anna, clara):
        with pytest.raises(Refused):
            disconnect(other, mailbox, at=at)
    assert Grant.objects.exists()


def test_a_server_of_somebody_else_is_refused_before_anybody_signs_in(
    ben: Membership, at: datetime
) -> None:
    thief = {**MICROSOFT.settings, "imap_host": "imap.thief.example"}

    with pytest.raises(Refused) as refused:
        begun(ben, replace(MICROSOFT, settings=thief), at=at)

    assert (refused.value.code, refused.value.field) == ("server_of_another", "imap_host")
