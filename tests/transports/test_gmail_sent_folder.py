"""Whether a message left, as far as Gmail's own search tells."""

from __future__ import annotations

import pytest

from outtray.mail.renewal import renewed
from outtray.transports.base import Found, Search, Stage, Trace
from outtray.transports.gmail import scopes
from outtray.transports.gmail.patience import PATIENCE, Patience
from outtray.transports.gmail.transport import GmailTransport
from tests.servers.gmail import GmailServer, refuses
from tests.servers.ledger_deeds import Deed, End
from tests.servers.tokens import FixedTokens
from tests.transports.gmail_cases import (
    AT,
    FRESH,
    HASTY,
    MESSAGE_ID,
    ONE,
    TOKEN,
    Opened,
    gmail,
    message,
    opened,
    route_to,
    send,
)

__all__ = ["gmail", "opened"]

READ = scopes.READONLY
METADATA = scopes.METADATA
OTHER = "<2@nordwind.example>"


def looked(
    gmail: GmailServer, *granted: str, witness: str = "", patience: Patience = PATIENCE
) -> Search:
    held = FixedTokens(TOKEN, FRESH, scopes=(scopes.SEND, *granted))
    gmail.grants(TOKEN, scopes.SEND, *granted)
    trace = Trace(witness, AT) if witness else None
    transport = GmailTransport(patience)
    return transport.find_sent(route_to(gmail, held), MESSAGE_ID, AT, witness=trace)


def left(gmail: GmailServer, opened: Opened, message_id: str) -> None:
    octets = renewed(message(), message_id=message_id, date=AT)
    send(opened(route_to(gmail)), octets, ONE)


@pytest.mark.parametrize("granted", [READ, scopes.ALL])
def test_what_was_sent_is_found(gmail: GmailServer, opened: Opened, granted: str) -> None:
    left(gmail, opened, MESSAGE_ID)

    search = looked(gmail, granted)

    assert (search.found, search.failure) == (Found.FOUND, None)
    assert gmail.complaints == []


def test_what_is_not_there_while_others_are_never_left(gmail: GmailServer, opened: Opened) -> None:
    left(gmail, opened, OTHER)

    assert looked(gmail, READ, witness=OTHER).found is Found.ABSENT


def test_where_nothing_is_found_its_absence_says_nothing(gmail: GmailServer) -> None:
    without = looked(gmail, READ)
    with_witness = looked(gmail, READ, witness=OTHER)

    assert (without.found, with_witness.found) == (Found.CANNOT_TELL, Found.CANNOT_TELL)
    assert without.failure is None


def test_where_google_gives_other_message_ids_nothing_is_concluded(
    gmail: GmailServer, opened: Opened
) -> None:
    gmail.renames = True
    left(gmail, opened, MESSAGE_ID)
    left(gmail, opened, OTHER)

    search = looked(gmail, READ, witness=OTHER)

    assert search.found is Found.CANNOT_TELL
    assert "other Message-IDs" in search.told


@pytest.mark.parametrize("granted", [(), (METADATA,)])
def test_the_right_to_send_alone_does_not_let_us_look(
    gmail: GmailServer, granted: tuple[str, ...]
) -> None:
    search = looked(gmail, *granted)

    assert search.found is Found.CANNOT_TELL
    assert search.failure
    assert (search.failure.stage, search.failure.is_temporary) == (Stage.SCOPES, False)
    assert gmail.requests == []


def test_a_refused_token_is_renewed_for_the_look_too(gmail: GmailServer, opened: Opened) -> None:
    left(gmail, opened, MESSAGE_ID)
    gmail.revokes(TOKEN)
    gmail.grants(FRESH, READ)
    held = FixedTokens(TOKEN, FRESH, scopes=(scopes.SEND, READ))

    search = GmailTransport().find_sent(route_to(gmail, held), MESSAGE_ID, AT)

    assert search.found is Found.FOUND


@pytest.mark.parametrize(
    ("deed", "is_temporary"),
    [
        (Deed(end=End.BEFORE), True),
        (Deed(waits=0.5), True),
        (refuses(503, "backendError"), True),
        (refuses(429, "rateLimitExceeded"), True),
        (refuses(403, "accessNotConfigured"), False),
    ],
)
def test_a_look_that_comes_to_nothing_says_whether_another_may(
    gmail: GmailServer, deed: Deed, is_temporary: bool
) -> None:
    gmail.told.once("LOOK", deed)

    search = looked(gmail, READ, patience=HASTY if deed.waits else PATIENCE)

    assert search.found is Found.CANNOT_TELL
    assert search.failure
    assert search.failure.is_temporary is is_temporary


def test_where_nobody_answers_it_may_be_tried_again(gmail: GmailServer) -> None:
    gmail.stop()

    search = looked(gmail, READ)

    assert search.failure
    assert search.failure.is_temporary
