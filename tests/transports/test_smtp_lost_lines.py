"""Lines that break, servers that fall silent, and answers that fit no question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outtray.mail.envelope import Envelope
from outtray.transports.base import (
    Accepted,
    Scope,
    Source,
    Stage,
    Trouble,
    Unanswered,
)
from tests.servers.scripted import ScriptedServer
from tests.transports.conftest import HASTY, MESSAGE, envelope_for, failure, opened, route_to, send

# Everything here holds with PIPELINING and without.
pytestmark = pytest.mark.usefixtures("flight")

THREE = ("one@customer.example", "two@customer.example", "three@customer.example")


def test_an_answer_lost_after_the_final_dot_is_not_known(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.drops_after("CONTENT")
    session = opened(route_to(smtp_server.settings()))

    outcome, announced = send(session, envelope)

    assert isinstance(outcome.verdicts[0], Unanswered)
    assert (announced, session.usable) == (1, False)
    assert len(smtp_server.wait_for_messages(1)) == 1
    session.close()


def test_a_server_that_accepts_and_is_then_silent_is_not_known(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.stalls_at("CONTENT")
    session = opened(route_to(smtp_server.settings()), patience=HASTY)

    outcome, _ = send(session, envelope)

    assert outcome.verdicts == (Unanswered("the server did not answer in time"),)
    assert not session.usable
    session.close()


def test_a_late_answer_after_the_final_dot_is_waited_for(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.stalls_at("CONTENT").release_soon()
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope)
    session.close()

    assert isinstance(outcome.verdicts[0], Accepted)


@pytest.mark.parametrize("answer", [b"yes, thanks\r\n", b"354 more please\r\n", b"9\r\n"])
def test_a_senseless_answer_to_the_content_is_not_known(
    smtp_server: ScriptedServer, envelope: Envelope, answer: bytes
) -> None:
    smtp_server.answers("CONTENT", answer)
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope)

    assert isinstance(outcome.verdicts[0], Unanswered)
    assert not session.usable
    session.close()


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_line_that_breaks_before_the_content_is_tried_again_later(
    smtp_server: ScriptedServer, envelope: Envelope, step: str
) -> None:
    smtp_server.drops_before(step)
    session = opened(route_to(smtp_server.settings()))

    outcome, announced = send(session, envelope)

    broken = failure(outcome.verdicts[0])
    assert (broken.scope, broken.is_temporary) == (Scope.SERVER, True)
    assert (broken.source, broken.trouble) == (Source.NETWORK, Trouble.CONNECTION_CLOSED)
    assert (announced, session.usable, smtp_server.received) == (0, False, [])
    session.close()


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_falls_silent_before_the_content_is_tried_again_later(
    smtp_server: ScriptedServer, envelope: Envelope, step: str
) -> None:
    smtp_server.stalls_at(step)
    session = opened(route_to(smtp_server.settings()), patience=HASTY)

    outcome, announced = send(session, envelope)

    silent = failure(outcome.verdicts[0])
    assert (silent.is_temporary, silent.trouble, announced) == (True, Trouble.TIMED_OUT, 0)
    session.close()


def test_content_that_did_not_leave_whole_was_not_handed_over(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.drops_before("CONTENT")
    session = opened(route_to(smtp_server.settings()))

    outcome, announced = send(session, envelope, MESSAGE + b"x" * 70 + b"\r\n" * 15_000_000)

    broken = failure(outcome.verdicts[0])
    assert (broken.stage, broken.is_temporary) == (Stage.CONTENT, True)
    assert (announced, session.usable) == (1, False)
    session.close()


def test_what_a_server_says_before_it_stops_to_listen_counts(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.adds("DATA", b"552 5.3.4 Too much for me\r\n")
    smtp_server.stalls_at("LISTENING")
    session = opened(route_to(smtp_server.settings()), patience=replace(HASTY, block=0.5))

    outcome, announced = send(session, envelope, MESSAGE + b"x" * 70 + b"\r\n" * 15_000_000)

    refused = failure(outcome.verdicts[0])
    assert (refused.code, refused.source) == (552, Source.SERVER)
    assert (refused.scope, refused.is_temporary) == (Scope.MESSAGE, False)
    assert (announced, session.usable) == (1, False)
    session.close()


def test_an_answer_that_comes_before_the_content_is_none(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.answers("DATA", b"354 Go on\r\n250 2.0.0 Ok: queued\r\n")
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope)

    surprised = failure(outcome.verdicts[0])
    assert (surprised.is_temporary, surprised.source) == (True, Source.NETWORK)
    assert (session.usable, smtp_server.received) == (False, [])
    session.close()


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_answers_that_are_out_of_step_are_not_taken_for_others(
    smtp_server: ScriptedServer, step: str
) -> None:
    smtp_server.answers(step, b"250 2.1.0 Ok\r\n250 2.1.0 Ok\r\n")
    session = opened(route_to(smtp_server.settings()))

    outcome, announced = send(session, envelope_for(*THREE))

    for verdict in outcome.verdicts:
        confused = failure(verdict)
        assert (confused.is_temporary, confused.trouble) == (True, Trouble.NOT_A_MAIL_SERVER)
    assert (announced, session.usable, smtp_server.received) == (0, False, [])
    session.close()


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "CONTENT"])
def test_a_server_that_closes_with_421_is_tried_again_later(
    smtp_server: ScriptedServer, envelope: Envelope, step: str
) -> None:
    smtp_server.answers(step, "421 4.3.2 Shutting down")
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope)

    closing = failure(outcome.verdicts[0])
    assert (closing.code, closing.scope, closing.is_temporary) == (421, Scope.SERVER, True)
    assert not session.usable
    session.close()


def test_recipients_before_a_421_are_not_taken_for_accepted(smtp_server: ScriptedServer) -> None:
    smtp_server.answers("RCPT <two@customer.example>", "421 4.7.0 Too much")
    smtp_server.answers("RCPT <one@customer.example>", "550 5.1.1 No such user")
    session = opened(route_to(smtp_server.settings()))

    outcome, announced = send(session, envelope_for(*THREE))

    assert [failure(verdict).code for verdict in outcome.verdicts] == [550, 421, 421]
    assert announced == 0
    session.close()


def test_what_was_refused_before_the_content_stays_refused_when_the_answer_is_lost(
    smtp_server: ScriptedServer,
) -> None:
    smtp_server.answers("RCPT <one@customer.example>", "550 5.1.1 No such user")
    smtp_server.drops_after("CONTENT")
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope_for(*THREE))

    assert failure(outcome.verdicts[0]).code == 550
    assert all(isinstance(verdict, Unanswered) for verdict in outcome.verdicts[1:])
    session.close()


def test_nothing_is_handed_over_if_the_last_moment_cannot_be_noted(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    session = opened(route_to(smtp_server.settings()))

    def cannot_note() -> None:
        raise ValueError("the disk is full")

    with pytest.raises(ValueError, match="the disk is full"):
        session.send(envelope, MESSAGE, before_content=cannot_note)

    assert not session.usable
    session.close()
    smtp_server.stop()
    assert smtp_server.received == []


def test_a_broken_session_says_so_and_hands_nothing_over(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.drops_before("MAIL")
    session = opened(route_to(smtp_server.settings()))
    send(session, envelope)

    outcome, announced = send(session, envelope)

    assert failure(outcome.verdicts[0]).is_temporary
    assert (announced, session.usable) == (0, False)
    session.close()


def test_more_answers_than_questions_end_the_session(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.answers("CONTENT", b"250 2.0.0 Ok\r\n250 2.0.0 Ok again\r\n")
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope)

    assert isinstance(outcome.verdicts[0], Accepted)
    assert not session.usable
    session.close()


def test_a_no_and_a_yes_in_one_breath_are_no_answer(
    smtp_server: ScriptedServer, envelope: Envelope
) -> None:
    smtp_server.answers("CONTENT", b"421 4.3.2 going down\r\n250 2.0.0 Ok\r\n")
    session = opened(route_to(smtp_server.settings()))

    outcome, _ = send(session, envelope)

    assert isinstance(outcome.verdicts[0], Unanswered)
    assert not session.usable
    session.close()
