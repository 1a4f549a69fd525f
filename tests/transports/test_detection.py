"""The parts of detection that need no mailboxes: many questions at once, and greeting a server."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from outtray.transports.detection.deadline import Deadline
from outtray.transports.detection.guess import greet
from outtray.transports.detection.together import THREADS, together
from outtray.transports.detection.values import Heard, MailServer, Nothing
from tests.servers.authority import Authority
from tests.servers.internet import Internet, internet
from tests.servers.scripted import ScriptedServer

HOST = "mail.nordwind.example"


@pytest.fixture(scope="module")
def played(authority: Authority) -> Iterator[Internet]:
    with internet(authority) as one:
        yield one


@pytest.fixture
def net(played: Internet) -> Internet:
    played.forget()
    played.names.is_here(HOST)
    return played


class Ending(Deadline):
    """One that comes when a test says so."""

    def __init__(self) -> None:
        super().__init__(60)

    def end(self) -> None:
        self._ends_at = 0


def test_answers_come_as_they_are_ready_and_the_late_ones_as_none() -> None:
    never, deadline = threading.Event(), Ending()

    answers = together({"slow": never.wait, "quick": lambda: True}, deadline)
    first = next(answers)
    deadline.end()
    rest = list(answers)

    never.set()
    assert (first.name, first.answer) == ("quick", True)
    assert [(answer.name, answer.answer) for answer in rest] == [("slow", None)]


def test_who_stops_reading_asks_no_more() -> None:
    never, asked = threading.Event(), threading.Event()
    questions = {str(number): never.wait for number in range(THREADS)}

    def late() -> bool:
        asked.set()
        return True

    list(together({**questions, "late": late}, Deadline(0.05)))
    never.set()
    after = list(together({"after": lambda: True}, Deadline(60)))

    assert [answer.answer for answer in after] == [True]
    assert not asked.is_set()


def test_a_bug_in_a_question_is_not_hidden() -> None:
    def stumble() -> bool:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        list(together({"one": stumble}, Deadline(20)))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mail_server_is_greeted_and_left_again(
    net: Internet, smtp_server: ScriptedServer, authority: Authority, security: str
) -> None:
    offer = smtp_server.speaks_tls if security == "tls" else smtp_server.offers_starttls
    offer(authority.certificate(HOST))

    answer = greet(MailServer(HOST, smtp_server.port, security), net.reach)

    assert isinstance(answer, Heard)
    assert answer.smtp
    assert (answer.smtp.host, answer.is_foreign) == (HOST, True)
    assert {command.split()[0].upper() for command in smtp_server.commands} <= {"EHLO", "STARTTLS"}
    assert smtp_server.logins == []


def test_a_server_with_another_name_in_its_certificate_is_no_answer(
    net: Internet, smtp_server: ScriptedServer, authority: Authority
) -> None:
    smtp_server.speaks_tls(authority.certificate("mail.elsewhere.example"))

    assert isinstance(greet(MailServer(HOST, smtp_server.port, "tls"), net.reach), Nothing)


def test_a_server_without_encryption_is_no_answer(
    net: Internet, smtp_server: ScriptedServer
) -> None:
    assert isinstance(greet(MailServer(HOST, smtp_server.port, "starttls"), net.reach), Nothing)


def test_a_server_without_a_sign_in_is_no_answer(
    net: Internet, smtp_server: ScriptedServer, authority: Authority
) -> None:
    smtp_server.speaks_tls(authority.certificate(HOST))
    smtp_server.offers("PIPELINING")

    assert isinstance(greet(MailServer(HOST, smtp_server.port, "tls"), net.reach), Nothing)


def test_what_is_no_mail_server_is_no_answer(net: Internet) -> None:
    shortly = net.reach.until(Deadline(0.2))

    assert isinstance(greet(MailServer(HOST, net.web.port, "tls"), shortly), Nothing)
    assert isinstance(greet(MailServer(HOST, net.web.port, "starttls"), shortly), Nothing)
    assert isinstance(greet(MailServer("no.nordwind.example", 465, "tls"), shortly), Nothing)
