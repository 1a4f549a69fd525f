"""What is asked of a server, and what follows when it does not offer it."""

from __future__ import annotations

import pytest

from outtray.transports.base import Accepted, Failure, Scope, Source, Stage, Trouble, Verdict
from tests.servers.scripted import OFFERS, ScriptedServer
from tests.transports.conftest import MESSAGE, envelope_for, opened, route_to, send

UTF8_HEADER = MESSAGE.replace(b"To: info@", "To: jürgen@".encode())
EIGHT_BIT = MESSAGE.replace(b"invoice", "Rechnung für".encode())


def without(*names: str) -> tuple[str, ...]:
    return tuple(keyword for keyword in OFFERS if keyword.split()[0] not in names)


def failure(verdict: Verdict) -> Failure:
    assert isinstance(verdict, Failure), verdict
    return verdict


def test_mail_is_announced_with_its_size_and_nothing_that_it_does_not_need(
    smtp_server: ScriptedServer,
) -> None:
    session = opened(route_to(smtp_server.settings()))

    send(session, envelope_for("info@customer.example"))
    session.close()

    assert f"MAIL FROM:<ben@nordwind.example> SIZE={len(MESSAGE)}" in smtp_server.commands


def test_a_message_over_the_servers_limit_is_not_begun(smtp_server: ScriptedServer) -> None:
    smtp_server.offers(*without("SIZE"), f"SIZE {len(MESSAGE) - 1}")
    session = opened(route_to(smtp_server.settings()))

    outcome, announced = send(session, envelope_for("info@customer.example"))

    large = failure(outcome.verdicts[0])
    assert (large.scope, large.is_temporary) == (Scope.MESSAGE, False)
    assert (large.trouble, large.source) == (Trouble.MESSAGE_TOO_LARGE, Source.SERVER)
    assert str(len(MESSAGE)) in large.text
    assert (announced, session.usable) == (0, True)
    session.close()


@pytest.mark.parametrize("limit", ["SIZE", "SIZE 0", "SIZE much", f"SIZE {len(MESSAGE)}"])
def test_a_message_within_the_limit_or_without_one_goes(
    smtp_server: ScriptedServer, limit: str
) -> None:
    smtp_server.offers(*without("SIZE"), limit)
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope_for("info@customer.example"))
    session.close()

    assert isinstance(outcome.verdicts[0], Accepted)


def test_an_address_in_another_script_goes_where_smtputf8_is_offered(
    smtp_server: ScriptedServer,
) -> None:
    envelope = envelope_for("jürgen@customer.example")
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope, UTF8_HEADER)
    session.close()

    assert isinstance(outcome.verdicts[0], Accepted)
    assert smtp_server.received == [(envelope, UTF8_HEADER)]
    assert any(command.endswith("BODY=8BITMIME SMTPUTF8") for command in smtp_server.commands)


def test_an_address_in_another_script_fails_alone_where_it_is_not(
    smtp_server: ScriptedServer,
) -> None:
    smtp_server.offers(*without("SMTPUTF8"))
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope_for("jürgen@customer.example", "info@customer.example"))
    session.close()

    refused = failure(outcome.verdicts[0])
    assert (refused.scope, refused.is_temporary) == (Scope.RECIPIENT, False)
    assert refused.trouble is Trouble.SMTPUTF8_NOT_OFFERED
    assert isinstance(outcome.verdicts[1], Accepted)
    assert len(smtp_server.received[0].envelope.recipients) == 1


def test_a_sender_in_another_script_concerns_the_sender(smtp_server: ScriptedServer) -> None:
    smtp_server.offers(*without("SMTPUTF8"))
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(
        session, envelope_for("info@customer.example", sender="jürgen@nordwind.example")
    )
    session.close()

    refused = failure(outcome.verdicts[0])
    assert (refused.scope, refused.stage) == (Scope.SENDER, Stage.SENDER)


def test_a_header_in_another_script_is_not_sent_to_a_server_that_cannot_read_it(
    smtp_server: ScriptedServer,
) -> None:
    smtp_server.offers(*without("SMTPUTF8"))
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope_for("info@customer.example"), UTF8_HEADER)
    session.close()

    assert failure(outcome.verdicts[0]).scope is Scope.MESSAGE
    assert smtp_server.received == []


def test_the_address_that_needs_smtputf8_is_named_though_the_header_needs_it_too(
    smtp_server: ScriptedServer,
) -> None:
    smtp_server.offers(*without("SMTPUTF8"))
    session = opened(route_to(smtp_server.settings()))

    envelope = envelope_for("info@customer.example", "jürgen@customer.example")
    outcome, announced = send(session, envelope, UTF8_HEADER)
    session.close()

    other, reason = (failure(verdict) for verdict in outcome.verdicts)
    assert reason.scope is Scope.RECIPIENT
    assert reason.text.startswith("jürgen@customer.example needs SMTPUTF8")
    assert other.scope is Scope.MESSAGE
    assert other.text.startswith("an address in the message's header needs SMTPUTF8")
    assert announced == 0


def test_an_8bit_body_needs_8bitmime(smtp_server: ScriptedServer) -> None:
    session = opened(route_to(smtp_server.settings()))
    sent, _ = send(session, envelope_for("info@customer.example"), EIGHT_BIT)
    session.close()
    smtp_server.offers(*without("8BITMIME", "SMTPUTF8"))
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope_for("info@customer.example"), EIGHT_BIT)
    session.close()

    assert isinstance(sent.verdicts[0], Accepted)
    assert failure(outcome.verdicts[0]).scope is Scope.MESSAGE
    assert [content for _, content in smtp_server.received] == [EIGHT_BIT]


@pytest.mark.parametrize(
    "smuggled",
    [b"\n.\n", b"\r\n.\n", b"\n.\r\n", b"\r.\r", b"a\nb", b"a\rb"],
)
def test_a_line_end_of_half_a_pair_is_never_sent(
    smtp_server: ScriptedServer, smuggled: bytes
) -> None:
    session = opened(route_to(smtp_server.settings()))

    outcome, announced = send(
        session, envelope_for("info@customer.example"), MESSAGE + smuggled + b"\r\n"
    )

    malformed = failure(outcome.verdicts[0])
    assert (malformed.scope, malformed.source) == (Scope.MESSAGE, Source.LOCAL)
    assert malformed.trouble is Trouble.MESSAGE_MALFORMED
    assert (announced, session.usable) == (0, True)
    session.close()


def test_a_quoted_local_part_goes_as_it_is(smtp_server: ScriptedServer) -> None:
    envelope = envelope_for('"sales @ front desk"@customer.example')
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope)
    session.close()

    assert isinstance(outcome.verdicts[0], Accepted)
    assert smtp_server.received[0].envelope == envelope
