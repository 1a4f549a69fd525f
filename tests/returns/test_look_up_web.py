"""Unknown ends at Google, Microsoft and Exchange: what else left by a mailbox is the witness."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from outtray.mailboxes.models import Credential, Mailbox
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.builders import queued, reload
from tests.campaign.ways import set_up, stand_ins
from tests.conftest import Run, TurnedClock
from tests.servers.ledger import Ledger
from tests.servers.ledger_deeds import Deed, End
from tests.servers.ledger_kinds import KINDS, Keeper

SENDS_ONLY, MAY_SEARCH = 0, 2  # of Nordwind's three people


@pytest.fixture(params=["gmail", "graph", "ews"])
def keeper(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Keeper]:
    keeper = KINDS[request.param](Ledger(), tmp_path)
    with override_settings(STAND_INS=stand_ins(keeper), CA_FILE=keeper.ca_file):
        yield keeper
    keeper.stop()


@pytest.fixture
def mailbox(ben: Membership, keeper: Keeper) -> Mailbox:
    return set_up(ben, MAY_SEARCH, keeper)


@pytest.fixture
def unknown(keeper: Keeper, clock: TurnedClock, run_until_idle: Run) -> Callable[..., Email]:
    """An email after which the server fell silent, in that way, an hour after another one left."""

    def send(mailbox: Mailbox, deed: Deed) -> Email:
        queued(mailbox, at=clock.now())
        run_until_idle()
        clock.turn(timedelta(hours=1))
        keeper.server.told.once("SendItem" if keeper.kind == "ews" else "SEND", deed)
        email = queued(mailbox, at=clock.now())
        run_until_idle()
        assert reload(email).state == State.UNKNOWN
        return email

    return send


def test_what_the_server_took_is_found_in_the_mailbox(
    mailbox: Mailbox, keeper: Keeper, unknown: Callable[..., Email], look_up_for_hours: Run
) -> None:
    email = unknown(mailbox, Deed(end=End.UNANSWERED))

    look_up_for_hours()

    assert reload(email).state == State.SENT
    assert keeper.complaints == []


@pytest.mark.parametrize("keeper", ["gmail", "ews"], indirect=True)
def test_what_the_server_did_not_take_is_sent_once_more(
    mailbox: Mailbox,
    keeper: Keeper,
    unknown: Callable[..., Email],
    clock: TurnedClock,
    look_up_for_hours: Run,
    run_until_idle: Run,
) -> None:
    email = unknown(mailbox, Deed(end=End.BEFORE))
    renewed_at = clock.now() + timedelta(minutes=1)  # as a token is, every hour
    Credential.objects.filter(mailbox=mailbox).update(changed_at=renewed_at)

    look_up_for_hours()
    run_until_idle()

    assert reload(email).state == State.SENT
    arrived = [line for line in keeper.server.ledger.lines() if line[0] == email.message_id]
    assert len(arrived) == 1


@pytest.mark.parametrize("keeper", ["gmail", "graph"], indirect=True)
def test_where_only_sending_was_granted_a_person_is_asked_at_once(
    ben: Membership, keeper: Keeper, unknown: Callable[..., Email], look_up_for_hours: Run
) -> None:
    email = unknown(set_up(ben, SENDS_ONLY, keeper), Deed(end=End.UNANSWERED))

    look_up_for_hours()

    assert reload(email).state == State.UNKNOWN
    assert reload(email).look_up_at is None
