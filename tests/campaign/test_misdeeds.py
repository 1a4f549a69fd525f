"""Whatever a mail server does at whatever step, the tables end up saying what its ledger says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from outtray.mailboxes.models import Health, Mailbox
from outtray.outbox.models import Attempt, Email
from outtray.outbox.states import Phase, State
from outtray.people.models import Membership
from outtray.transports.registry import TRANSPORTS
from outtray.transports.smtp.transport import SmtpTransport
from tests.builders import queued, reload, user_email
from tests.campaign.audit import audit
from tests.campaign.play import come_to_rest
from tests.campaign.ways import CALM, HURRIED, SLOW
from tests.conftest import TurnedClock
from tests.servers.authority import Authority
from tests.servers.ledger import LedgerServer
from tests.servers.ledger_deeds import USUAL, Deed, End, floods, menu, says

ONE, TWO, THREE = (f"{name}@kunde.example" for name in ("eins", "zwei", "drei"))
HANGS_UP, TAKES_AND_HANGS_UP = Deed(end=End.BEFORE), Deed(end=End.UNANSWERED)
CHANGES_ITS_MIND = says("354 Go on\r\n421 4.3.2 Closing the channel", End.CLOSED)

# Longer than CALM waits, which no busy machine needs for an answer.
LATE = 1.5

SENT, FAILED, UNKNOWN = {State.SENT}, {State.FAILED}, {State.UNKNOWN}
# Depends on whether the end of the content leaves before the client hears that nobody wants it.
EITHER = SENT | UNKNOWN

# What happens to the first email of an otherwise good server, and how it ends.
ENDINGS = [
    ("GREETING", HANGS_UP, SENT),
    ("GREETING", Deed(waits=LATE), SENT),
    ("GREETING", Deed(trickle=0.001), SENT),
    ("GREETING", says("421 4.3.2 Later", End.CLOSED), SENT),
    ("EHLO", floods(250, 1_000_000), SENT),
    ("EHLO", HANGS_UP, SENT),
    ("AUTH", says("454 4.7.0 Later"), SENT),
    ("AUTH", HANGS_UP, SENT),
    ("MAIL", says("451 4.3.0 Later"), SENT),
    ("MAIL", Deed(end=End.RESET), SENT),
    ("MAIL", Deed(waits=LATE), SENT),
    ("MAIL", Deed(unasked=b"421 4.4.2 Idle\r\n", end=End.CLOSED), SENT),
    ("RCPT", says("450 4.2.2 Full"), SENT),
    ("RCPT", says("550 5.1.1 Nobody"), FAILED),
    ("RCPT", TAKES_AND_HANGS_UP, SENT),
    ("RCPT", Deed(trickle=0.001), SENT),
    ("DATA", says("451 4.3.0 Later"), SENT),
    ("DATA", HANGS_UP, SENT),
    ("DATA", CHANGES_ITS_MIND, SENT),
    ("DATA", Deed(end=End.RESET), EITHER),
    ("BODY", HANGS_UP, EITHER),
    ("BODY", Deed(end=End.RESET), EITHER),
    ("BODY", Deed(thinks=0.05), SENT),
    ("CONTENT", HANGS_UP, UNKNOWN),
    ("CONTENT", TAKES_AND_HANGS_UP, UNKNOWN),
    ("CONTENT", Deed(waits=LATE), UNKNOWN),
    ("CONTENT", Deed(thinks=LATE), UNKNOWN),
    ("CONTENT", Deed(waits=LATE, end=End.RESET), UNKNOWN),
    ("CONTENT", Deed(end=End.CLOSED), SENT),
    ("CONTENT", Deed(end=End.RESET), EITHER),
    ("CONTENT", Deed(trickle=0.001), SENT),
    ("CONTENT", Deed(unasked=b"250 2.0.0 Unasked\r\n"), SENT),
    ("CONTENT", floods(250, 1_000_000), UNKNOWN),
    ("CONTENT", says("rubbish"), UNKNOWN),
    ("CONTENT", says("354 Go on"), UNKNOWN),
    ("CONTENT", says("250-begun", End.CLOSED), UNKNOWN),
    ("CONTENT", says("451 4.3.0 Later"), SENT),
    ("CONTENT", says("550 5.7.1 Spam"), FAILED),
    ("QUIT", HANGS_UP, SENT),
]


@pytest.fixture
def server() -> Iterator[LedgerServer]:
    server = LedgerServer()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits ten minutes here for a server that keeps silent."""
    monkeypatch.setitem(TRANSPORTS, "smtp", HURRIED["smtp"]())


@pytest.fixture
def calm(hasty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it matters that nobody gives up too early."""
    monkeypatch.setitem(TRANSPORTS, "smtp", CALM["smtp"]())


@pytest.fixture
def patient(hasty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the server keeps nobody waiting, and a busy machine must not seem to."""
    monkeypatch.setitem(TRANSPORTS, "smtp", SmtpTransport())


@pytest.fixture
def mailbox(ben: Membership, clock: TurnedClock, server: LedgerServer) -> Mailbox:
    return user_email(ben, at=clock.now(), port=server.port)


def agree(server: LedgerServer, clock: TurnedClock) -> None:
    """Let everything come to rest, and compare the books."""
    come_to_rest(clock)
    assert server.wait_until_quiet(20)
    found = audit([], server.ledger.counted(), at=clock.now())
    assert (found.lost, found.doubled, found.wrong) == (0, 0, [])


@pytest.mark.parametrize(
    ("step", "deed", "ending"),
    ENDINGS,
    ids=[f"{step}-{n}" for n, (step, _, _) in enumerate(ENDINGS)],
)
def test_one_misdeed_costs_one_email_a_retry_or_its_certainty_and_no_other(
    step: str,
    deed: Deed,
    ending: set[State],
    mailbox: Mailbox,
    server: LedgerServer,
    clock: TurnedClock,
    calm: None,
) -> None:
    server.told.once(step, deed)
    email, other = (queued(mailbox, at=clock.now()) for _ in range(2))

    agree(server, clock)

    assert reload(email).state in ending
    assert reload(other).state == State.SENT


@pytest.mark.parametrize(
    ("step", "place"),
    [(step, place) for step, deeds in menu(SLOW).items() for place in range(len(deeds))],
)
def test_a_misdeed_that_never_ends_loses_and_doubles_nothing(
    step: str, place: int, mailbox: Mailbox, server: LedgerServer, clock: TurnedClock
) -> None:
    server.told.always(step, menu(SLOW)[step][place])
    queued(mailbox, at=clock.now(), to=(ONE, TWO))
    Email.objects.update(not_after=clock.now() + timedelta(hours=2))

    agree(server, clock)


def test_an_attempt_on_a_used_line_that_breaks_in_the_content_is_ended(
    mailbox: Mailbox, server: LedgerServer, clock: TurnedClock, calm: None
) -> None:
    server.told.once("DATA", USUAL)
    server.told.once("DATA", CHANGES_ITS_MIND)
    emails = [queued(mailbox, at=clock.now()) for _ in range(2)]

    agree(server, clock)

    assert {reload(email).state for email in emails} == {State.SENT}
    assert {attempt.phase for attempt in Attempt.objects.all()} == {Phase.ENDED}


def test_too_many_recipients_follow_in_further_transactions(
    mailbox: Mailbox, server: LedgerServer, clock: TurnedClock, calm: None
) -> None:
    server.rules.recipients_per_message = 1
    email = queued(mailbox, at=clock.now(), to=(ONE, TWO, THREE))

    agree(server, clock)

    assert reload(email).state == State.SENT
    assert server.ledger.counted() == {
        (email.message_id, address): 1 for address in (ONE, TWO, THREE)
    }


def test_a_greylisting_server_gets_the_message_again_and_takes_it_once(
    mailbox: Mailbox, server: LedgerServer, clock: TurnedClock, calm: None
) -> None:
    server.rules.greylists = True
    email = queued(mailbox, at=clock.now(), to=(ONE, TWO))

    agree(server, clock)

    assert reload(email).state == State.SENT


def test_a_quota_of_the_server_lets_the_rest_wait(
    mailbox: Mailbox, server: LedgerServer, clock: TurnedClock
) -> None:
    server.rules.messages, server.rules.window = 2, 0.2
    emails = [queued(mailbox, at=clock.now()) for _ in range(5)]

    agree(server, clock)

    assert {reload(email).state for email in emails} <= {State.SENT, State.FAILED}
    assert len(server.ledger.lines()) >= 2


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("fault", ["stripped", "expired", "foreign"])
def test_without_a_good_certificate_no_message_leaves(
    fault: str,
    mailbox: Mailbox,
    server: LedgerServer,
    clock: TurnedClock,
    authority: Authority,
    foreign_authority: Authority,
) -> None:
    certificates = {
        "stripped": authority.certificate("localhost"),
        "expired": authority.expired("localhost"),
        "foreign": foreign_authority.certificate("localhost"),
    }
    server.shows(certificates[fault])
    server.strips_starttls = fault == "stripped"
    Mailbox.objects.update(settings={**mailbox.settings, "security": "starttls"})
    email = queued(mailbox, at=clock.now())

    come_to_rest(clock, heals=0)

    assert server.ledger.lines() == []
    assert reload(email).state == State.QUEUED
    assert Mailbox.objects.get().health == Health.PAUSED


@pytest.mark.usefixtures("patient")
def test_a_refused_password_is_tried_once_until_a_person_acts(
    mailbox: Mailbox, server: LedgerServer, clock: TurnedClock
) -> None:
    server.told.once("AUTH", says("535 5.7.8 Wrong"))
    email = queued(mailbox, at=clock.now())

    come_to_rest(clock, heals=0)
    tried = server.connections
    agree(server, clock)

    assert tried == 1
    assert reload(email).state == State.SENT
    assert Email.objects.get().tries == 1
