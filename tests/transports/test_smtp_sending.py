"""Handing messages over: what each recipient's verdict is, and when there is no way back."""

from __future__ import annotations

import pytest

from outtray.mail.envelope import Envelope
from outtray.transports.base import (
    Accepted,
    Scope,
    Stage,
    Trouble,
    Unanswered,
)
from tests.servers.scripted import ScriptedServer
from tests.transports.conftest import MESSAGE, envelope_for, failure, opened, route_to, send

# Everything here holds with PIPELINING and without.
pytestmark = pytest.mark.usefixtures("flight")

THREE = ("one@customer.example", "two@customer.example", "three@customer.example")


def test_a_message_arrives_just_as_it_was_handed_over(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    session = opened(route_to(smtp_server.settings()))

    outcome, announced = send(session, envelope)
    session.close()

    assert outcome.verdicts == (Accepted("250 2.0.0 Ok: queued"),)
    assert announced == 1
    assert smtp_server.received == [(envelope, MESSAGE)]
    assert smtp_server.commands[-1] == "QUIT"


def test_many_messages_take_one_connection_and_one_login(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    session = opened(route_to(smtp_server.settings()))

    outcomes = [send(session, envelope)[0] for _ in range(5)]
    session.close()

    assert all(isinstance(outcome.verdicts[0], Accepted) for outcome in outcomes)
    assert len(smtp_server.received) == 5
    assert (smtp_server.connections, len(smtp_server.logins)) == (1, 1)


def test_one_refused_recipient_keeps_the_mail_from_nobody_else(
    smtp_server: ScriptedServer,
) -> None:
    smtp_server.answers("RCPT <two@customer.example>", "550 5.1.1 No such user")
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope_for(*THREE))
    session.close()

    refused = failure(outcome.verdicts[1])
    assert isinstance(outcome.verdicts[0], Accepted)
    assert isinstance(outcome.verdicts[2], Accepted)
    assert (refused.scope, refused.is_temporary) == (Scope.RECIPIENT, False)
    assert (refused.code, refused.enhanced_code) == (550, "5.1.1")
    assert smtp_server.received[0].envelope == envelope_for(THREE[0], THREE[2])


@pytest.mark.parametrize(
    "reply",
    [
        "452 4.5.3 Too many recipients",
        "452 Too many recipients",
        "452 Requested action not taken",
        "552 5.5.3 Too many recipients",
        "552 Too many recipients",
        "550 5.5.3 Recipient limit reached",
        "451 4.5.3 Recipient limit reached",
    ],
)
def test_enough_recipients_for_this_time_is_no_refusal_of_the_rest(
    smtp_server: ScriptedServer, reply: str
) -> None:
    smtp_server.answers("RCPT <three@customer.example>", reply)
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope_for(*THREE))
    session.close()

    rest = failure(outcome.verdicts[2])
    assert (rest.is_temporary, rest.trouble) == (True, Trouble.ENOUGH_RECIPIENTS)
    assert len(smtp_server.received[0].envelope.recipients) == 2


def test_the_first_recipient_is_never_one_too_many(smtp_server: ScriptedServer) -> None:
    smtp_server.answers("RCPT <one@customer.example>", "452 4.5.3 Too many recipients")
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope_for(*THREE))
    session.close()

    refused = failure(outcome.verdicts[0])
    assert (refused.is_temporary, refused.trouble) == (True, Trouble.NONE)


def test_a_full_mailbox_after_others_is_no_sign_of_enough(smtp_server: ScriptedServer) -> None:
    smtp_server.answers("RCPT <three@customer.example>", "452 4.2.2 Mailbox full")
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope_for(*THREE))
    session.close()

    full = failure(outcome.verdicts[2])
    assert (full.scope, full.is_temporary) == (Scope.RECIPIENT, True)
    assert full.trouble is Trouble.NONE


def test_a_message_that_nobody_may_get_is_not_handed_over_and_the_next_one_is(
    smtp_server: ScriptedServer,
) -> None:
    smtp_server.answers("RCPT", "550 5.1.1 No such user", times=3)
    session = opened(route_to(smtp_server.settings()))

    outcome, announced = send(session, envelope_for(*THREE))
    next_outcome, _ = send(session, envelope_for("info@customer.example"))
    session.close()

    assert all(failure(verdict).code == 550 for verdict in outcome.verdicts)
    assert announced == 0
    assert isinstance(next_outcome.verdicts[0], Accepted)
    assert len(smtp_server.received) == 1


def test_a_server_that_takes_data_for_nobody_gets_no_content(smtp_server: ScriptedServer) -> None:
    smtp_server.answers("RCPT", "550 5.1.1 No such user")
    smtp_server.answers("DATA", "354 Go on then")
    smtp_server.answers("CONTENT", "554 5.5.1 No valid recipients")
    session = opened(route_to(smtp_server.settings()))

    outcome, announced = send(session, envelope_for(*THREE))

    assert [failure(verdict).code for verdict in outcome.verdicts] == [550, 550, 550]
    assert (announced, session.usable, smtp_server.received) == (0, True, [])
    session.close()


def test_a_reply_of_two_codes_is_no_answer(smtp_server: ScriptedServer, envelope: Envelope) -> None:
    smtp_server.answers("RCPT", b"550-5.1.1 Nobody\r\n250 2.1.5 Ok\r\n", times=1)
    session = opened(route_to(smtp_server.settings()))
    before, announced = send(session, envelope)
    smtp_server.answers("CONTENT", b"550-5.7.1 No\r\n250 2.0.0 Ok\r\n")
    again = opened(route_to(smtp_server.settings()))

    after, _ = send(again, envelope)

    assert failure(before.verdicts[0]).scope is Scope.SERVER
    assert (announced, session.usable) == (0, False)
    assert isinstance(after.verdicts[0], Unanswered)
    assert not again.usable


def test_words_of_an_older_alphabet_are_read(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.answers("RCPT", "550 5.1.1 Empfänger gibt es nicht\r\n".encode("latin-1"))
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope)
    session.close()

    assert failure(outcome.verdicts[0]).text == "5.1.1 Empfänger gibt es nicht"


def test_a_refused_sender_concerns_the_sender(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.answers("MAIL", "553 5.7.1 Not owned by user ben")
    session = opened(route_to(smtp_server.settings()))

    outcome, announced = send(session, envelope)
    session.close()

    refused = failure(outcome.verdicts[0])
    assert (refused.stage, refused.scope) == (Stage.SENDER, Scope.SENDER)
    assert (refused.is_temporary, announced) == (False, 0)


def test_a_refused_message_concerns_the_message(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.answers("CONTENT", "554 5.7.1 Judged as spam")
    session = opened(route_to(smtp_server.settings()))

    outcome, announced = send(session, envelope)

    refused = failure(outcome.verdicts[0])
    assert (refused.stage, refused.scope) == (Stage.ANSWER, Scope.MESSAGE)
    assert (refused.is_temporary, announced, session.usable) == (False, 1, True)
    session.close()


def test_hundreds_of_recipients_are_asked_for_in_bounded_flights(
    smtp_server: ScriptedServer,
) -> None:
    everybody = [f"person{number}@customer.example" for number in range(350)]
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope_for(*everybody))
    session.close()

    assert len(outcome.verdicts) == 350
    assert len(smtp_server.received[0].envelope.recipients) == 350
    assert len(outcome.transcript) <= 201


def test_a_server_is_understood_by_the_name_that_it_gives_itself(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    offered = b"250-MX0P123.PROD.OUTLOOK.COM Hello\r\n250 SIZE 1000000\r\n"
    smtp_server.answers("EHLO", offered)
    smtp_server.answers("MAIL", "550 5.7.30 Not supported for client submission")
    session = opened(route_to(smtp_server.settings(username="")))

    outcome, _ = send(session, envelope)
    session.close()

    assert failure(outcome.verdicts[0]).scope is Scope.MAILBOX
