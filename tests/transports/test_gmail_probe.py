"""Validate at Google: each stage says what it found, and the first failure ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outtray.lib.errors import Refused
from outtray.mail.address import Address
from outtray.mail.envelope import Envelope
from outtray.transports.base import Finding, Route, Scope, Stage, Trouble
from outtray.transports.gmail import scopes
from outtray.transports.gmail.patience import PATIENCE, Patience
from outtray.transports.gmail.transport import GmailTransport
from tests.servers.gmail import GmailServer, refuses
from tests.servers.http_wire import reply
from tests.servers.ledger_deeds import Deed, End
from tests.servers.tokens import FixedTokens
from tests.transports.gmail_cases import BEN, HASTY, TOKEN, gmail, message, route_to, tokens

__all__ = ["gmail"]

READ = scopes.READONLY
PROFILE_ONLY = scopes.METADATA
BILLING = Address.parse("billing@nordwind.example")


def probed(route: Route, patience: Patience = PATIENCE) -> list[Finding]:
    octets = message(to=(BEN,))
    return list(GmailTransport(patience).probe(route, Envelope(BEN, (BEN,)), octets))


def test_a_good_mailbox_passes_every_stage_and_gets_a_message(gmail: GmailServer) -> None:
    findings = probed(route_to(gmail))

    assert [finding.stage for finding in findings] == list(GmailTransport.stages)
    assert all(finding.ok for finding in findings)
    assert [sent.recipients for sent in gmail.sent] == [(str(BEN),)]
    assert gmail.complaints == []


def test_where_it_may_be_read_the_mailbox_says_whose_it_is(gmail: GmailServer) -> None:
    gmail.grants(TOKEN, scopes.SEND, READ)

    *_, mailbox, _ = probed(route_to(gmail, tokens(scopes.SEND, READ)))

    assert (mailbox.stage, mailbox.ok) == (Stage.MAILBOX, True)
    assert str(BEN) in mailbox.detail
    assert gmail.complaints == []


def test_a_consent_without_the_right_to_send_is_recognised(gmail: GmailServer) -> None:
    *_, last = probed(route_to(gmail, tokens("openid", "email")))

    assert last.failure
    assert (last.stage, last.failure.scope, last.failure.is_temporary) == (
        Stage.SCOPES,
        Scope.MAILBOX,
        False,
    )
    assert scopes.SEND in last.failure.text
    assert gmail.connections == 0


def test_where_google_does_not_say_what_it_granted_sending_shows_it(gmail: GmailServer) -> None:
    findings = probed(route_to(gmail, FixedTokens(TOKEN, scopes=(), is_app_only=True)))

    assert all(finding.ok for finding in findings)


def test_whoever_signed_in_with_another_account_is_told_so(gmail: GmailServer) -> None:
    *_, last = probed(route_to(gmail, tokens(account="ben.private@gmail.com")))

    assert last.failure
    assert (last.stage, last.failure.trouble) == (Stage.IDENTITY, Trouble.SETTINGS)
    assert "ben.private@gmail.com" in last.detail
    assert str(BEN) in last.detail


def test_an_alias_that_is_not_the_mailbox_is_noticed(gmail: GmailServer) -> None:
    *_, last = probed(route_to(gmail, send_as=str(BILLING)))

    assert last.stage is Stage.IDENTITY
    assert str(BILLING) in last.detail
    assert not last.ok


@pytest.mark.parametrize(
    ("account", "sender"),
    [
        ("Ben@Nordwind.example", "ben@nordwind.example"),
        ("benbehrens@gmail.com", "Ben.Behrens@googlemail.com"),
    ],
)
def test_one_account_written_in_two_ways_is_one(
    gmail: GmailServer, account: str, sender: str
) -> None:
    route = route_to(gmail, tokens(account=account), sender=Address.parse(sender))

    assert probed(route)[3].ok


def test_nobody_signed_in(gmail: GmailServer) -> None:
    *_, last = probed(replace(route_to(gmail), tokens=None))

    assert (last.stage, last.ok) == (Stage.TOKEN, False)


def test_an_alias_is_taken_where_gmail_knows_it(gmail: GmailServer) -> None:
    gmail.grants(TOKEN, scopes.SEND, READ)
    gmail.aliases[str(BILLING)] = "accepted"
    held = tokens(scopes.SEND, READ)

    *_, mailbox, sent = probed(route_to(gmail, held, sender=BILLING, send_as=str(BILLING)))

    assert mailbox.ok
    assert sent.ok
    assert str(BILLING) in mailbox.detail
    assert gmail.complaints == []


@pytest.mark.parametrize("aliases", [{}, {str(BILLING): "pending"}])
def test_an_alias_that_gmail_would_replace_is_refused(
    gmail: GmailServer, aliases: dict[str, str]
) -> None:
    gmail.grants(TOKEN, scopes.SEND, READ)
    gmail.aliases = aliases

    *_, last = probed(
        route_to(gmail, tokens(scopes.SEND, READ), sender=BILLING, send_as=str(BILLING))
    )

    assert last.failure
    assert (last.stage, last.failure.scope) == (Stage.MAILBOX, Scope.SENDER)
    assert gmail.sent == []


def test_an_alias_that_cannot_be_seen_is_believed(gmail: GmailServer) -> None:
    gmail.grants(TOKEN, scopes.SEND, PROFILE_ONLY)
    held = tokens(scopes.SEND, PROFILE_ONLY)

    findings = probed(route_to(gmail, held, sender=BILLING, send_as=str(BILLING)))

    assert all(finding.ok for finding in findings)
    assert gmail.complaints == []


def test_the_application_of_a_company_is_seen_at_the_mailbox_it_acts_for(
    gmail: GmailServer,
) -> None:
    gmail.grants(TOKEN, scopes.SEND, READ)
    held = FixedTokens(TOKEN, scopes=(scopes.SEND, READ), is_app_only=True)

    findings = probed(route_to(gmail, held))

    assert all(finding.ok for finding in findings)


@pytest.mark.parametrize(
    ("step", "deed", "trouble"),
    [
        ("LOOK", Deed(end=End.BEFORE), Trouble.CONNECTION_CLOSED),
        ("LOOK", Deed(waits=0.5), Trouble.TIMED_OUT),
        ("LOOK", Deed(reply=reply(200, b"<html>")), Trouble.NOT_A_MAIL_SERVER),
        ("LOOK", refuses(403, "accessNotConfigured", "Gmail API has not been used"), Trouble.NONE),
    ],
)
def test_what_stops_the_look_at_the_mailbox_is_told(
    gmail: GmailServer, step: str, deed: Deed, trouble: Trouble
) -> None:
    gmail.grants(TOKEN, scopes.SEND, READ)
    gmail.told.once(step, deed)

    patience = HASTY if deed.waits else PATIENCE
    *_, last = probed(route_to(gmail, tokens(scopes.SEND, READ)), patience)

    assert last.failure
    assert (last.stage, last.failure.trouble) == (Stage.MAILBOX, trouble)
    assert gmail.sent == []


@pytest.mark.parametrize(
    ("deed", "scope", "text"),
    [
        (Deed(end=End.UNANSWERED), Scope.SERVER, "closed the connection"),
        (refuses(500, "backendError", "Backend Error"), Scope.SERVER, "Backend Error"),
        (
            refuses(400, "failedPrecondition", "Mail service not enabled"),
            Scope.MAILBOX,
            "Mail service not enabled",
        ),
    ],
)
def test_a_test_message_that_is_not_clearly_sent_fails_the_check(
    gmail: GmailServer, deed: Deed, scope: Scope, text: str
) -> None:
    gmail.told.once("SEND", deed)

    *_, last = probed(route_to(gmail))

    assert last.failure
    assert (last.stage, last.failure.scope) == (Stage.SEND, scope)
    assert text in last.detail


def test_where_nobody_answers_the_check_says_so(gmail: GmailServer) -> None:
    gmail.stop()

    *_, last = probed(route_to(gmail))

    assert last.failure
    assert last.stage is Stage.MAILBOX
    assert (last.failure.stage, last.failure.trouble) == (
        Stage.CONNECT,
        Trouble.CONNECTION_REFUSED,
    )


def test_settings_are_kept_clean() -> None:
    transport = GmailTransport()

    assert transport.check({}) == {}
    assert transport.check({"endpoint": "https://elsewhere.example"}) == {}
    assert transport.check({"send_as": " Billing@Nordwind.Example "}) == {
        "send_as": "Billing@nordwind.example"
    }
    with pytest.raises(Refused) as refused:
        transport.check({"send_as": "billing"})
    assert (refused.value.code, refused.value.field) == ("bad_address", "send_as")


def test_settings_that_are_wrong_end_the_check_at_once(gmail: GmailServer) -> None:
    findings = probed(route_to(gmail, send_as="nobody"))

    assert [(finding.stage, finding.ok) for finding in findings] == [(Stage.SETTINGS, False)]
