"""The ledger server does what its plan says, and counts exactly what it commits to."""

from __future__ import annotations

import smtplib
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.authority import Authority
from tests.servers.ledger import Ledger, LedgerServer
from tests.servers.ledger_deeds import Deed, End, Seeded, floods, menu, says
from tests.servers.ledger_process import LedgerProcess

SENDER, ONE, TWO = "ben@nordwind.example", "one@customer.example", "two@customer.example"
MESSAGE = b"Message-ID: <1@nordwind.example>\r\nSubject: Invoice\r\n\r\n..dots\r\n"


@pytest.fixture
def server() -> Iterator[LedgerServer]:
    server = LedgerServer()
    yield server
    server.stop()


def client_of(server: LedgerServer | LedgerProcess, timeout: float = 20) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", server.port, local_hostname="test.example", timeout=timeout)


def send(client: smtplib.SMTP, *recipients: str) -> dict[str, tuple[int, bytes]]:
    return client.sendmail(SENDER, recipients or [ONE], MESSAGE)


def test_each_recipient_of_each_message_is_a_line_of_the_ledger(server: LedgerServer) -> None:
    with client_of(server) as client:
        send(client, ONE, TWO)
        send(client, ONE)

    assert server.ledger.counted() == {
        ("<1@nordwind.example>", ONE): 2,
        ("<1@nordwind.example>", TWO): 1,
    }


@pytest.mark.parametrize("end", [End.UNANSWERED, End.RESET, End.CLOSED])
def test_a_yes_that_never_arrives_is_counted(server: LedgerServer, end: End) -> None:
    server.told.once("CONTENT", Deed(end=end, waits=0.01))
    client = client_of(server)

    try:
        send(client)
    except smtplib.SMTPServerDisconnected:
        pass
    finally:
        client.close()
    server.wait_until_quiet(20)

    assert server.ledger.lines() == [("<1@nordwind.example>", ONE)]


@pytest.mark.parametrize(
    ("step", "deed"),
    [
        ("MAIL", Deed(end=End.BEFORE)),
        ("RCPT", Deed(end=End.UNANSWERED)),
        ("DATA", Deed(end=End.RESET)),
        ("BODY", Deed(end=End.BEFORE)),
        ("BODY", Deed(end=End.RESET)),
        ("CONTENT", Deed(end=End.BEFORE)),
        ("CONTENT", says("451 4.3.0 Try again later")),
        ("CONTENT", says("554 5.7.1 Never", End.CLOSED)),
    ],
)
def test_what_is_not_taken_is_not_counted(server: LedgerServer, step: str, deed: Deed) -> None:
    server.told.once(step, deed)
    client = client_of(server)

    with pytest.raises((smtplib.SMTPException, OSError)):
        send(client)
    client.close()
    server.wait_until_quiet(20)

    assert server.ledger.lines() == []


def test_an_answer_can_come_late_slowly_and_at_length(server: LedgerServer) -> None:
    server.told.once("MAIL", Deed(waits=0.05))
    server.told.once("RCPT", Deed(trickle=0.001))
    server.told.once("CONTENT", floods(250, 100_000))

    with client_of(server) as client:
        client.ehlo()
        assert client.mail(SENDER)[0] == 250
        assert client.rcpt(ONE)[0] == 250
        code, reply = client.data(MESSAGE)

    assert code == 250
    assert len(reply) > 90_000


def test_a_slow_server_takes_what_nobody_waits_for_any_more(server: LedgerServer) -> None:
    server.told.once("CONTENT", Deed(thinks=0.3))
    client = client_of(server, timeout=0.1)

    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(client)
    client.close()
    server.wait_until_quiet(20)

    assert len(server.ledger.lines()) == 1


def test_a_line_that_nobody_asked_for_comes_before_the_answer(server: LedgerServer) -> None:
    server.told.once("MAIL", Deed(unasked=b"421 4.4.2 Idle\r\n", end=End.CLOSED))

    with socket.create_connection(("127.0.0.1", server.port)) as sock, sock.makefile("rwb") as file:
        file.readline()
        file.write(b"MAIL FROM:<ben@nordwind.example>\r\n")
        file.flush()
        said = file.read()

    assert said == b"421 4.4.2 Idle\r\n250 2.1.0 Ok\r\n"


def test_starttls_can_be_stripped_from_what_is_offered(
    server: LedgerServer, authority: Authority
) -> None:
    server.shows(authority.certificate("localhost"))
    with client_of(server) as client:
        client.ehlo()
        offered = client.has_extn("starttls")

    server.strips_starttls = True
    with client_of(server) as client:
        client.ehlo()
        stripped = client.has_extn("starttls")

    assert (offered, stripped) == (True, False)


def test_a_greylisting_server_takes_each_pair_at_the_second_try(server: LedgerServer) -> None:
    server.rules.greylists = True

    with client_of(server) as client:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as first:
            send(client, ONE)
        refused = send(client, ONE, TWO)
        again = send(client, TWO)

    assert first.value.recipients[ONE][0] == 451
    assert list(refused) == [TWO]
    assert again == {}


def test_quotas_limit_recipients_of_a_message_and_messages_of_a_time(server: LedgerServer) -> None:
    server.rules.recipients_per_message = 1
    server.rules.messages, server.rules.window = 2, 3600

    with client_of(server) as client:
        refused = send(client, ONE, TWO)
        send(client, TWO)
        with pytest.raises(smtplib.SMTPSenderRefused) as over:
            send(client, ONE)

    assert refused[TWO][0] == 452
    assert over.value.smtp_code == 450


def test_the_same_seed_misbehaves_in_the_same_way() -> None:
    steps = ["MAIL", "RCPT", "DATA", "CONTENT"] * 50

    first, second, other = (
        [plan.deed(step, "") for step in steps]
        for plan in (
            Seeded(7, menu(1), share=0.5),
            Seeded(7, menu(1), share=0.5),
            Seeded(8, menu(1), share=0.5),
        )
    )

    assert first == second != other


def test_as_a_process_it_counts_for_everybody_and_writes_it_down(tmp_path: Path) -> None:
    file = tmp_path / "ledger"
    server = LedgerProcess(file)

    with client_of(server) as client:
        send(client, ONE, TWO)
    server.wait_until_quiet()
    counted = server.counted()
    server.begin_anew()
    forgotten = server.counted()
    server.stop()

    assert counted == {("<1@nordwind.example>", ONE): 1, ("<1@nordwind.example>", TWO): 1}
    assert forgotten == Counter()
    assert file.read_text() == f"<1@nordwind.example>\t{ONE}\n<1@nordwind.example>\t{TWO}\n"


def test_a_ledger_that_is_read_again_begins_where_it_ended(tmp_path: Path) -> None:
    for _ in range(2):
        ledger = Ledger(tmp_path / "ledger")
        ledger.keep("<1@nordwind.example>", [ONE])
        ledger.close()

    assert (tmp_path / "ledger").read_text().splitlines() == [f"<1@nordwind.example>\t{ONE}"] * 2
