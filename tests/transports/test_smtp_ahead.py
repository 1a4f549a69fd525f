"""The next envelope leaves with the content before it, and no answer is taken for another."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Iterator

import pytest

from outtray.mail.envelope import Envelope
from outtray.transports.base import Accepted, Failure, Refusal, Session, Trouble, Unanswered
from outtray.transports.smtp.content import Content
from outtray.transports.smtp.handover import Handover
from outtray.transports.smtp.line import Line
from outtray.transports.smtp.patience import Patience
from outtray.transports.smtp.session import Wear
from outtray.transports.smtp.transport import SmtpTransport
from tests.servers.listening import reset_at_close
from tests.servers.scripted import OFFERS, ScriptedServer
from tests.transports.conftest import MESSAGE, envelope_for, failure, opened, route_to, send

TWO = "two@customer.example"
NEXT = MESSAGE.replace(b"<1@", b"<2@")
ITS_RCPT, ITS_MAIL = f"RCPT <{TWO}>", "MAIL <anna@nordwind.example>"


@pytest.fixture
def following() -> Envelope:
    """That of the next message."""
    return envelope_for(TWO, sender="anna@nordwind.example")


@pytest.fixture
def session(smtp_server: ScriptedServer) -> Iterator[Session]:
    session = opened(route_to(smtp_server.settings()))
    yield session
    session.close()


def announce(
    session: Session,
    following: Envelope,
    message: bytes = NEXT,
    while_waiting: Callable[[], None] = lambda: None,
) -> None:
    session.announce(following, message, while_waiting=while_waiting)


def test_the_next_envelope_leaves_before_its_turn(
    session: Session, smtp_server: ScriptedServer, envelope: Envelope, following: Envelope
) -> None:
    stall = smtp_server.stalls_at(ITS_RCPT)
    announce(session, following)

    first, _ = send(session, envelope)
    stall.wait_until_reached()
    assert smtp_server.commands[-1] == f"RCPT TO:<{TWO}>"
    stall.release()
    second, announced = send(session, following, NEXT)

    assert (first.goes_on, second.goes_on, announced) == (True, False, 1)
    assert isinstance(first.verdicts[0], Accepted)
    assert isinstance(second.verdicts[0], Accepted)
    assert [received.content for received in smtp_server.received] == [MESSAGE, NEXT]
    assert not any(TWO in line for line in first.transcript)
    assert [line for line in second.transcript if line.startswith("C: ")] == [
        f"C: MAIL FROM:<anna@nordwind.example> SIZE={len(NEXT)}",
        *(f"C: RCPT TO:<{TWO}>", "C: DATA"),
        *(f"C: [content, {len(NEXT)} octets]", "C: ."),
    ]
    assert session.usable


def test_a_server_that_lets_wait_for_the_next_envelope_is_not_waited_for_idly(
    session: Session, smtp_server: ScriptedServer, envelope: Envelope, following: Envelope
) -> None:
    stall = smtp_server.stalls_at(ITS_RCPT)
    called: list[None] = []

    def while_waiting() -> None:
        called.append(None)
        stall.release()

    announce(session, following, while_waiting=while_waiting)
    send(session, envelope)
    stall.wait_until_reached()

    outcome, _ = send(session, following, NEXT)

    assert isinstance(outcome.verdicts[0], Accepted)
    assert len(called) == 1


def test_without_pipelining_each_envelope_waits_for_its_turn(
    smtp_server: ScriptedServer, envelope: Envelope, following: Envelope
) -> None:
    smtp_server.offers(*(keyword for keyword in OFFERS if keyword != "PIPELINING"))
    session = opened(route_to(smtp_server.settings()))
    announce(session, following)

    first, _ = send(session, envelope)
    second, _ = send(session, following, NEXT)
    session.close()

    assert not first.goes_on
    assert isinstance(second.verdicts[0], Accepted)


def test_what_the_server_cannot_take_does_not_leave_ahead(
    smtp_server: ScriptedServer, envelope: Envelope, following: Envelope
) -> None:
    smtp_server.offers("PIPELINING", "SIZE 1000", "AUTH PLAIN LOGIN")
    session = opened(route_to(smtp_server.settings()))
    large = NEXT + b"x" * 1000 + b"\r\n"
    announce(session, following, large)

    first, _ = send(session, envelope)
    second, _ = send(session, following, large)

    assert (isinstance(first.verdicts[0], Accepted), first.goes_on) == (True, False)
    assert failure(second.verdicts[0]).trouble is Trouble.MESSAGE_TOO_LARGE
    assert session.usable
    session.close()


def test_nothing_follows_the_last_message_of_a_worn_line(
    smtp_server: ScriptedServer, envelope: Envelope, following: Envelope
) -> None:
    session = SmtpTransport(wear=Wear(messages=1)).open(route_to(smtp_server.settings()))
    assert not isinstance(session, Refusal)
    announce(session, following)

    outcome, _ = send(session, envelope)

    assert (outcome.goes_on, session.usable) == (False, False)
    session.close()


def test_whoever_sends_something_else_than_he_announced_loses_the_line(
    session: Session, smtp_server: ScriptedServer, envelope: Envelope, following: Envelope
) -> None:
    announce(session, following)
    send(session, envelope)

    outcome, announced = send(session, following, MESSAGE)

    assert failure(outcome.verdicts[0]).trouble is Trouble.CONNECTION_CLOSED
    assert (announced, session.usable) == (0, False)
    assert len(smtp_server.received) == 1


def test_a_session_that_is_closed_before_what_it_announced_hands_nothing_over(
    session: Session, smtp_server: ScriptedServer, envelope: Envelope, following: Envelope
) -> None:
    announce(session, following)
    send(session, envelope)

    session.close()
    smtp_server.stop()

    assert len(smtp_server.received) == 1
    assert smtp_server.commands[-1] != "QUIT"


def test_a_refused_content_does_not_hold_up_what_follows(
    session: Session, smtp_server: ScriptedServer, envelope: Envelope, following: Envelope
) -> None:
    smtp_server.answers("CONTENT", "451 4.3.0 Later", times=1)
    announce(session, following)

    first, _ = send(session, envelope)
    second, _ = send(session, following, NEXT)

    assert failure(first.verdicts[0]).code == 451
    assert isinstance(second.verdicts[0], Accepted)
    assert [received.content for received in smtp_server.received] == [NEXT]


def test_a_no_and_a_yes_to_one_content_is_not_known(
    session: Session, smtp_server: ScriptedServer, envelope: Envelope, following: Envelope
) -> None:
    smtp_server.answers("CONTENT", b"451 4.3.0 Later\r\n250 2.0.0 Ok: queued\r\n")
    announce(session, following)

    outcome, _ = send(session, envelope)

    assert isinstance(outcome.verdicts[0], Unanswered)
    assert (outcome.goes_on, session.usable) == (False, False)


def test_an_answer_too_many_refuses_nothing_that_follows(
    session: Session, smtp_server: ScriptedServer, envelope: Envelope, following: Envelope
) -> None:
    smtp_server.answers("CONTENT", b"250 2.0.0 Ok: queued\r\n550 5.7.1 Not so\r\n", times=1)
    announce(session, following)
    send(session, envelope)

    outcome, announced = send(session, following, NEXT)

    confused = failure(outcome.verdicts[0])
    assert (confused.is_temporary, confused.trouble) == (True, Trouble.NOT_A_MAIL_SERVER)
    assert (announced, session.usable) == (0, False)


def test_a_no_before_the_line_breaks_stays_a_no(
    session: Session, smtp_server: ScriptedServer, envelope: Envelope, following: Envelope
) -> None:
    smtp_server.answers("CONTENT", "451 4.3.0 Later")
    smtp_server.drops_before(ITS_MAIL)
    announce(session, following)

    outcome, _ = send(session, envelope)

    assert failure(outcome.verdicts[0]).code == 451
    assert (outcome.goes_on, session.usable) == (False, False)


def test_an_answer_that_is_lost_takes_what_follows_with_it(
    session: Session, smtp_server: ScriptedServer, envelope: Envelope, following: Envelope
) -> None:
    smtp_server.drops_after("CONTENT")
    announce(session, following)

    first, _ = send(session, envelope)
    second, announced = send(session, following, NEXT)

    assert isinstance(first.verdicts[0], Unanswered)
    assert failure(second.verdicts[0]).is_temporary
    assert (announced, len(smtp_server.received)) == (0, 1)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [(b"250 2.0.0 Ok\r\n", Accepted), (b"451 4.3.0 No\r\n", Failure), (b"", Unanswered)],
)
def test_what_was_said_before_the_next_envelope_could_leave_is_the_answer(
    said: bytes, verdict: type, envelope: Envelope, following: Envelope
) -> None:
    line = _line_reset_after(said)
    sent, then = (
        Handover(line, each, Content(MESSAGE), patience=Patience(), together=100)
        for each in (envelope, following)
    )

    assert not sent.is_followed_by(then)

    assert isinstance(sent.verdicts()[0], verdict)
    assert not line.is_open


def _line_reset_after(said: bytes) -> Line:
    """Connected to a server that says this and resets the line; both have arrived."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname(), timeout=30)
        other, _ = server.accept()
    other.sendall(said)
    reset_at_close(other)
    other.close()
    poll = select.poll()
    poll.register(client, select.POLLHUP)
    assert poll.poll(10_000)
    return Line(client)
