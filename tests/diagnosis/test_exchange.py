"""A mailbox on an Exchange server, from Validate to delivery: how often its name is tried."""

from __future__ import annotations

from typing import Any

import pytest

from outtray.diagnosis.models import Probe
from outtray.diagnosis.probes import ready_if_probed, run_probe, start_probe
from outtray.lib.sealing import Secret
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.routes import route_for
from outtray.mailboxes.save import save_user_email
from outtray.people.models import Membership
from outtray.transports.base import Refusal
from outtray.transports.registry import TRANSPORTS
from tests.conftest import TurnedClock
from tests.servers.authority import Authority
from tests.servers.ews import BY_DOMAIN, PASSWORD, EwsServer

QUALIFIED = "nordwind.example\\ben"


@pytest.fixture
def draft(ews_server: EwsServer, authority: Authority, settings: Any) -> MailboxDraft:
    settings.CA_FILE = str(authority.ca_file)
    return MailboxDraft(
        whose="user",
        address="ben@nordwind.example",
        settings={"uri": ews_server.uri(), "domain": "nordwind.example", "username": "ben"},
        secret=Secret(PASSWORD),
        service_type="exchange",
        transport="ews",
    )


@pytest.mark.parametrize("is_saved_first", [True, False])
def test_the_form_of_the_name_that_validate_found_is_the_only_one_used_later(
    ben: Membership,
    draft: MailboxDraft,
    ews_server: EwsServer,
    clock: TurnedClock,
    is_saved_first: bool,
) -> None:
    ews_server.knows(BY_DOMAIN)
    saved = save_user_email(ben, draft, at=clock.now()) if is_saved_first else None

    probe = run_probe(start_probe(ben, saved or draft, at=clock.now()).pk, clock=clock)
    mailbox = saved or save_user_email(ben, draft, at=clock.now())
    ready_if_probed(mailbox, at=clock.now())

    mailbox.refresh_from_db()
    assert probe.state == Probe.State.PASSED
    assert (mailbox.health, mailbox.settings["login_form"]) == (Health.READY, "domain")
    assert len(ews_server.refused) == 1
    session = TRANSPORTS["ews"].open(route_for(mailbox))
    assert not isinstance(session, Refusal)
    session.close()
    assert len(ews_server.refused) == 1
    assert ews_server.logins[-1] == QUALIFIED


def test_what_validate_found_stays_when_the_same_is_saved_again(
    ben: Membership, draft: MailboxDraft, ews_server: EwsServer, clock: TurnedClock
) -> None:
    ews_server.knows(BY_DOMAIN)
    mailbox = save_user_email(ben, draft, at=clock.now())
    run_probe(start_probe(ben, mailbox, at=clock.now()).pk, clock=clock)
    shown = Mailbox.objects.get().settings

    again = MailboxDraft(
        whose="user",
        address=draft.address,
        settings=shown,
        service_type="exchange",
        transport="ews",
    )
    save_user_email(ben, again, at=clock.now())

    mailbox.refresh_from_db()
    assert (mailbox.health, mailbox.settings["login_form"]) == (Health.READY, "domain")


def test_a_refused_password_is_explained_after_two_tries(
    ben: Membership, draft: MailboxDraft, ews_server: EwsServer, clock: TurnedClock
) -> None:
    ews_server.knows(":somebody@nordwind.example")

    probe = run_probe(start_probe(ben, draft, at=clock.now()).pk, clock=clock)

    assert probe.state == Probe.State.FAILED
    assert probe.explanation is not None
    assert probe.explanation["cause"] in {"wrong_password", "username_format_wrong"}
    assert len(ews_server.refused) == 2
