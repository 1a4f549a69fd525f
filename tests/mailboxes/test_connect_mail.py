"""From Connect to a delivered message: a real OAuth server, a real Postfix, a real Dovecot."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from pytest_django import Settings

from outtray.diagnosis.probes import run_probe, start_probe
from outtray.lib import clock
from outtray.lib.sealing import Secret
from outtray.mail.address import Address
from outtray.mail.envelope import Envelope
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.routes import route_for
from outtray.mailboxes.tokens import forget_tokens
from outtray.people.models import Membership
from outtray.transports.base import (
    Accepted,
    Failure,
    Finding,
    Found,
    Refusal,
    Resource,
    Stage,
    Token,
)
from outtray.transports.smtp.transport import SmtpTransport
from tests.mailboxes.signing_in import BILLING, MICROSOFT, connected, grants_seen, kept, registered
from tests.servers.oauth.mail import OAuthMail
from tests.servers.oauth.server import OAuthServer
from tests.transports.conftest import MESSAGE

pytestmark = pytest.mark.servers

SMTP = SmtpTransport()


@pytest.fixture
def at() -> datetime:
    return clock.now()


@pytest.fixture(autouse=True)
def apps(
    oauth_server: OAuthServer,
    oauth_mail: OAuthMail,
    settings: Settings,
    anna: Membership,
    at: datetime,
) -> None:
    settings.STAND_INS = oauth_server.stand_ins
    settings.CA_FILE = str(oauth_mail.ca_file)
    for provider in ("google", "microsoft"):
        registered(anna, provider, at=at)


def draft(
    oauth_mail: OAuthMail, provider: str = "microsoft", *, imap: bool = False
) -> MailboxDraft:
    """Ben's mailbox, as its owner types it."""
    there = oauth_mail.settings("ben@nordwind.example", imap=imap)
    return replace(MICROSOFT, sign_in=provider, settings=there)


def sent(mailbox: Mailbox, name: str) -> object:
    """What the server said of a message that is sent from there, or why nothing could be sent."""
    session = SMTP.open(route_for(mailbox))
    if isinstance(session, Refusal):
        return session.failure
    message = MESSAGE.replace(b"<1@", f"<{name}@".encode())
    envelope = Envelope(Address.parse(mailbox.address), (Address.parse("info@customer.example"),))
    outcome = session.send(envelope, message, before_content=lambda: None)
    session.close()
    return outcome.verdicts[0]


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_a_connected_mailbox_sends(
    ben: Membership, oauth_mail: OAuthMail, at: datetime, provider: str
) -> None:
    mailbox = connected(ben, draft(oauth_mail, provider), at=at)

    verdict = sent(mailbox, f"by-{provider}")

    assert isinstance(verdict, Accepted), verdict
    assert oauth_mail.postfix.wait_for(f"<by-{provider}@nordwind.example>")


def test_where_only_oauthbearer_is_offered_that_opens_the_mailbox(
    ben: Membership, oauth_mail: OAuthMail, at: datetime
) -> None:
    there = oauth_mail.settings("ben@nordwind.example", security="tls")
    mailbox = connected(ben, replace(draft(oauth_mail), settings=there), at=at)
    good = _token(mailbox)
    spoilt = replace(good, value=Secret(good.value.value[:-8]))
    kept(mailbox, spoilt)

    session = SMTP.open(route_for(mailbox))

    assert not isinstance(session, Refusal), session
    ben_s = Address.parse("ben@nordwind.example")
    outcome = session.send(Envelope(ben_s, (ben_s,)), MESSAGE, before_content=lambda: None)
    session.close()
    assert isinstance(outcome.verdicts[0], Accepted)
    assert sum("AUTH OAUTHBEARER [secret]" in line for line in outcome.transcript) == 2


def test_validate_walks_from_the_token_to_the_accepted_mail_and_makes_it_ready(
    ben: Membership, oauth_mail: OAuthMail, at: datetime
) -> None:
    mailbox = connected(ben, draft(oauth_mail), at=at)

    probe = run_probe(start_probe(ben, mailbox, at=at).pk)

    stages = [finding["stage"] for finding in probe.findings]
    assert probe.state == "passed", probe.findings[-1]
    assert [stage for stage in stages if stage in {"token", "scopes", "identity", "dns"}] == [
        Stage.TOKEN,
        Stage.SCOPES,
        Stage.IDENTITY,
        Stage.DNS,
    ]
    assert Mailbox.objects.get(pk=mailbox.pk).health == Health.READY


def test_validate_says_when_somebody_else_has_signed_in(
    ben: Membership, oauth_mail: OAuthMail, at: datetime
) -> None:
    mailbox = connected(ben, draft(oauth_mail), at=at, account="anna@nordwind.example")

    probe = run_probe(start_probe(ben, mailbox, at=at).pk)

    last = probe.findings[-1]
    assert (probe.state, last["stage"]) == ("failed", Stage.IDENTITY)
    assert "anna@nordwind.example has signed in" in last["detail"]
    assert Mailbox.objects.get(pk=mailbox.pk).health == Health.UNVALIDATED


def test_the_server_itself_refuses_the_token_of_another(
    anna: Membership, ben: Membership, oauth_mail: OAuthMail, at: datetime
) -> None:
    """Were it not seen before: 334 with the reason, an empty line, 535."""
    token = _token(connected(anna, _of(anna, oauth_mail), at=at))
    mailbox = connected(ben, draft(oauth_mail), at=at)
    of_anna = replace(token, account="ben@nordwind.example")
    kept(mailbox, of_anna)
    before = oauth_mail.logins("ben@nordwind.example", "did not match")

    verdict = sent(mailbox, "renewed-after-the-wrong-one")

    assert oauth_mail.logins("ben@nordwind.example", "did not match") == before + 1
    assert isinstance(verdict, Accepted)


def test_a_token_that_the_server_refuses_is_renewed_once(
    ben: Membership, oauth_mail: OAuthMail, oauth_server: OAuthServer, at: datetime
) -> None:
    mailbox = connected(ben, draft(oauth_mail), at=at)
    good = _token(mailbox)
    kept(mailbox, replace(good, value=Secret(good.value.value[:-8])))
    oauth_server.reset()

    verdict = sent(mailbox, "with-a-fresh-one")

    assert isinstance(verdict, Accepted)
    assert grants_seen(oauth_server, "microsoft") == ["refresh_token"]


def test_a_consent_that_is_revoked_pauses_with_the_providers_words(
    ben: Membership, oauth_mail: OAuthMail, oauth_server: OAuthServer, at: datetime
) -> None:
    mailbox = connected(ben, draft(oauth_mail), at=at)
    _token(mailbox)
    oauth_server.forget("microsoft", "ben@nordwind.example")
    forget_tokens(mailbox.grant.pk)

    failure = sent(mailbox, "never")

    assert isinstance(failure, Failure)
    assert (failure.stage, failure.identifier) == (Stage.TOKEN, "AADSTS50173")
    assert not failure.is_temporary


def test_an_expired_client_secret_stops_before_any_server_is_asked(
    ben: Membership, oauth_mail: OAuthMail, oauth_server: OAuthServer, at: datetime
) -> None:
    mailbox = connected(ben, draft(oauth_mail), at=at)
    oauth_server.set("microsoft", secret_expired=True)

    findings = _probed(mailbox)

    assert findings[-1].failure is not None
    assert (findings[-1].stage, findings[-1].failure.identifier) == (
        Stage.TOKEN,
        "AADSTS7000222",
    )


def test_a_consent_for_something_else_does_not_open_smtp(
    ben: Membership, oauth_mail: OAuthMail, oauth_server: OAuthServer, at: datetime
) -> None:
    """It was given for Graph, and the mailbox was then set to SMTP."""
    mailbox = connected(ben, draft(oauth_mail), at=at)
    graph = "https://graph.microsoft.com/Mail.Send"
    mailbox.grant.scopes = graph
    mailbox.grant.save()
    kept(mailbox, replace(_token(mailbox), scopes=frozenset({graph})))

    findings = _probed(mailbox)

    assert findings[-1].stage is Stage.SCOPES
    assert findings[-1].failure is not None
    assert findings[-1].failure.identifier == "insufficient_scope"


def test_the_sent_folder_opens_with_the_same_consent(
    ben: Membership, oauth_mail: OAuthMail, at: datetime
) -> None:
    mailbox = connected(ben, draft(oauth_mail, imap=True), at=at)
    oauth_mail.file_sent("ben@nordwind.example", MESSAGE.replace(b"<1@", b"<filed@"))

    search = SMTP.find_sent(route_for(mailbox), "<filed@nordwind.example>", at)

    assert search.found is Found.FOUND, search.told


def test_a_sent_folder_that_refuses_the_token_is_said(
    ben: Membership, oauth_mail: OAuthMail, at: datetime
) -> None:
    mailbox = connected(ben, draft(oauth_mail, imap=True), at=at)
    good = _token(mailbox)
    spoilt = replace(good, value=Secret(good.value.value[:-8]))
    kept(mailbox, spoilt)

    search = SMTP.find_sent(route_for(mailbox), "<1@nordwind.example>", at)

    assert search.found is Found.CANNOT_TELL
    assert "refused the login" in search.told
    assert spoilt.value.value not in search.told


def test_no_token_is_written_into_a_transcript(
    ben: Membership, oauth_mail: OAuthMail, at: datetime
) -> None:
    mailbox = connected(ben, draft(oauth_mail), at=at)
    value = _token(mailbox).value.value
    kept(mailbox, replace(_token(mailbox), value=Secret(value[:-8])))

    session = SMTP.open(route_for(mailbox))

    assert not isinstance(session, Refusal)
    outcome = session.send(
        Envelope(
            Address.parse("ben@nordwind.example"), (Address.parse("refused@customer.example"),)
        ),
        MESSAGE,
        before_content=lambda: None,
    )
    session.close()
    told = "\n".join(outcome.transcript)
    assert "AUTH XOAUTH2 [secret]" in told
    assert "the server says why" in told
    assert value[:-8] not in told


def test_a_company_email_is_connected_by_its_own_account(
    anna: Membership, oauth_mail: OAuthMail, at: datetime
) -> None:
    there = oauth_mail.settings("billing@nordwind.example")

    mailbox = connected(anna, replace(BILLING, settings=there), at=at)

    assert isinstance(sent(mailbox, "from-billing"), Accepted)


def _of(membership: Membership, oauth_mail: OAuthMail) -> MailboxDraft:
    address = membership.person.email
    return replace(draft(oauth_mail), address=address, settings=oauth_mail.settings(address))


def _token(mailbox: Mailbox) -> Token:
    tokens = route_for(mailbox).tokens
    assert tokens is not None
    token = tokens.access_token(Resource.SMTP)
    assert isinstance(token, Token), token
    return token


def _probed(mailbox: Mailbox) -> list[Finding]:
    address = Address.parse(mailbox.address)
    return list(SMTP.probe(route_for(mailbox), Envelope(address, (address,)), MESSAGE))
