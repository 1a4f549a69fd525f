"""Looking for a message in Sent Items of an Exchange server."""

from __future__ import annotations

import pytest

from outtray.mail.envelope import Envelope
from outtray.transports.base import Found, Stage, Unanswered
from tests.servers.authority import Authority
from tests.servers.ews import EwsServer
from tests.servers.ews_deeds import Behaviour, Drops, Loses, Page, Says
from tests.transports.conftest import MESSAGE, send
from tests.transports.exchange import looked, opened, route_to

SOUGHT = "<1@nordwind.example>"
OTHER = "<earlier@nordwind.example>"
EARLIER = MESSAGE.replace(b"<1@", b"<earlier@")


@pytest.mark.parametrize("folder", ["sentitems", "deleteditems"])
def test_a_message_that_was_sent_is_found(
    ews_server: EwsServer, authority: Authority, folder: str
) -> None:
    ews_server.mailbox.file(MESSAGE, folder)

    search = looked(route_to(ews_server, ca_file=authority.ca_file), SOUGHT)

    assert (search.found, search.failure) == (Found.FOUND, None)


def test_a_missing_message_is_absent_where_another_one_is_there(
    ews_server: EwsServer, authority: Authority
) -> None:
    ews_server.mailbox.file(EARLIER)

    search = looked(route_to(ews_server, ca_file=authority.ca_file), SOUGHT, witness=OTHER)

    assert search.found is Found.ABSENT


@pytest.mark.parametrize("witness", ["", OTHER])
def test_without_a_witness_a_missing_message_is_not_called_absent(
    ews_server: EwsServer, authority: Authority, witness: str
) -> None:
    ews_server.mailbox.file(MESSAGE.replace(b"<1@", b"<somebody-else@"))

    search = looked(route_to(ews_server, ca_file=authority.ca_file), SOUGHT, witness=witness)

    assert (search.found, search.failure) == (Found.CANNOT_TELL, None)


@pytest.mark.parametrize(("lost", "found"), [(Loses(), Found.FOUND), (Drops(), Found.ABSENT)])
def test_a_lost_answer_is_settled_by_a_look(
    ews_server: EwsServer,
    authority: Authority,
    envelope: Envelope,
    lost: Behaviour,
    found: Found,
) -> None:
    route = route_to(ews_server, ca_file=authority.ca_file)
    ews_server.mailbox.file(EARLIER)
    ews_server.at("SendItem", lost)
    session = opened(route)
    outcome, _ = send(session, envelope)
    session.close()
    assert isinstance(outcome.verdicts[0], Unanswered)

    search = looked(route, SOUGHT, witness=OTHER)

    assert search.found is found
    assert ews_server.mailbox.in_folder("drafts") == []


def test_a_wrong_password_is_tried_once_and_cannot_tell(
    ews_server: EwsServer, authority: Authority
) -> None:
    route = route_to(ews_server, ca_file=authority.ca_file, password="guessed")

    search = looked(route, SOUGHT, witness=OTHER)

    assert search.found is Found.CANNOT_TELL
    assert search.failure is not None
    assert (search.failure.stage, search.failure.is_temporary) == (Stage.LOGIN, False)
    assert len(ews_server.refused) == 1
    assert "guessed" not in search.told


@pytest.mark.parametrize("trouble", [Says("ErrorServerBusy"), Page(503), Drops()])
def test_what_keeps_from_looking_is_told(
    ews_server: EwsServer, authority: Authority, trouble: Behaviour
) -> None:
    ews_server.at("FindItem", trouble)

    search = looked(route_to(ews_server, ca_file=authority.ca_file), SOUGHT, witness=OTHER)

    assert search.found is Found.CANNOT_TELL
    assert search.failure is not None
    assert search.failure.is_temporary
