"""Whatever takes a message and how badly, the tables end up saying what its ledger says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from outtray.mailboxes.models import Mailbox
from outtray.outbox.states import State
from outtray.people.models import Membership
from outtray.transports.registry import TRANSPORTS
from tests.builders import queued, reload
from tests.campaign.audit import audit
from tests.campaign.play import come_to_rest
from tests.campaign.ways import CALM, HURRIED, SLOW, set_up, stand_ins
from tests.conftest import TurnedClock
from tests.servers.graph import GraphServer
from tests.servers.http_wire import reply
from tests.servers.ledger import Ledger
from tests.servers.ledger_deeds import Deed, End
from tests.servers.ledger_kinds import KINDS, Keeper

ONE, TWO = "eins@kunde.example", "zwei@kunde.example"

# Longer than CALM waits, which no busy machine needs for an answer.
LATE = 1.5

# What happens to the first email of an otherwise good server: how it ends.
OF_BOTH = [
    ("CONNECT", Deed(end=End.BEFORE), None),
    ("HEAD", Deed(reply=reply(503), end=End.TOGETHER), State.SENT),
    ("HEAD", Deed(end=End.BEFORE), State.UNKNOWN),
    ("SEND", Deed(end=End.BEFORE), State.UNKNOWN),
    ("SEND", Deed(end=End.UNANSWERED), State.UNKNOWN),
    ("SEND", Deed(waits=LATE), State.UNKNOWN),
    ("SEND", Deed(reply=reply(500), takes=True), State.UNKNOWN),
    ("SEND", Deed(reply=b"rubbish\r\n", end=End.TOGETHER), State.UNKNOWN),
    ("SEND", Deed(end=End.TOGETHER), State.SENT),
    ("SEND", Deed(trickle=0.0005), State.SENT),
    ("SEND", Deed(unasked=b"HTTP/1.1 100 Continue\r\n\r\n"), State.SENT),
    ("SEND", Deed(reply=reply(401)), State.SENT),
    ("SEND", Deed(reply=reply(429, headers={"Retry-After": "30"})), State.SENT),
    ("SEND", Deed(reply=reply(503)), State.SENT),
    ("SEND", Deed(reply=reply(400)), State.FAILED),
]
OF_EXCHANGE = [
    ("GetFolder", Deed(reply=b"busy"), State.SENT),
    ("CreateItem", Deed(end=End.UNANSWERED), State.SENT),
    ("SendItem", Deed(end=End.BEFORE), State.UNKNOWN),
    ("SendItem", Deed(end=End.UNANSWERED), State.UNKNOWN),
    ("SendItem", Deed(waits=LATE), State.UNKNOWN),
    ("SendItem", Deed(reply=b"broken", takes=True), State.UNKNOWN),
    ("SendItem", Deed(reply=b"rubbish"), State.UNKNOWN),
    ("SendItem", Deed(end=End.TOGETHER), State.SENT),
    ("SendItem", Deed(reply=b"busy"), State.SENT),
    ("SendItem", Deed(reply=b"not now"), State.SENT),
    ("SendItem", Deed(reply=b"too large"), State.FAILED),
]
ENDINGS = [
    *((kind, *each) for kind in ("gmail", "graph") for each in OF_BOTH),
    *(("ews", *each) for each in OF_EXCHANGE),
]
SENDING = {"SEND", "SendItem"}


@pytest.fixture
def keeper(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Keeper]:
    keeper = KINDS[request.param](Ledger(), tmp_path)
    with override_settings(STAND_INS=stand_ins(keeper), CA_FILE=keeper.ca_file):
        yield keeper
    keeper.stop()


@pytest.fixture
def mailbox(ben: Membership, keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    monkeypatch.setitem(TRANSPORTS, keeper.kind, CALM[keeper.kind]())
    return set_up(ben, 0, keeper)


@pytest.fixture
def hurried(keeper: Keeper, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits ten minutes here for a server that keeps silent."""
    monkeypatch.setitem(TRANSPORTS, keeper.kind, HURRIED[keeper.kind]())


def agree(keeper: Keeper, clock: TurnedClock) -> None:
    """Let everything come to rest, and compare the books."""
    come_to_rest(clock)
    keeper.server.hang_up()
    assert keeper.server.wait_until_quiet(20)
    found = audit([], keeper.server.ledger.counted(), at=clock.now())
    assert (found.lost, found.doubled, found.wrong) == (0, 0, [])
    assert keeper.complaints == []


@pytest.mark.parametrize(
    ("keeper", "step", "deed", "ending"),
    ENDINGS,
    ids=[f"{kind}-{step}-{n}" for n, (kind, step, _, _) in enumerate(ENDINGS)],
    indirect=["keeper"],
)
def test_one_misdeed_costs_one_email_a_retry_or_its_certainty_and_no_other(
    step: str,
    deed: Deed,
    ending: State | None,
    mailbox: Mailbox,
    keeper: Keeper,
    clock: TurnedClock,
) -> None:
    keeper.server.told.once(step, deed)
    email, other = (queued(mailbox, at=clock.now(), to=(ONE, TWO)) for _ in range(2))

    agree(keeper, clock)

    assert ending in (None, reload(email).state)
    assert reload(other).state == State.SENT


@pytest.mark.parametrize("keeper", ["gmail", "graph", "ews"], indirect=True)
@pytest.mark.usefixtures("hurried")
def test_every_misdeed_one_after_the_other_loses_and_doubles_nothing(
    keeper: Keeper, mailbox: Mailbox, clock: TurnedClock
) -> None:
    for step, deeds in keeper.menu(SLOW).items():
        for deed in deeds if step in SENDING else ():
            keeper.server.told.once(step, deed)
            queued(mailbox, at=clock.now(), to=(ONE, TWO))

    agree(keeper, clock)


def test_the_three_ways_at_microsoft_all_send(
    ben: Membership, anna: Membership, clock: TurnedClock, tmp_path: Path
) -> None:
    keeper = KINDS["graph"](Ledger(), tmp_path)
    with override_settings(STAND_INS=stand_ins(keeper)):
        assert isinstance(keeper.server, GraphServer)
        keeper.server.shares("anna@nordwind.example", "send_as")
        mailboxes = [set_up(ben, 1, keeper), set_up(anna, 2, keeper)]
        emails = [queued(mailbox, at=clock.now()) for mailbox in mailboxes]

        come_to_rest(clock)

    keeper.stop()
    assert {reload(email).state for email in emails} == {State.SENT}
