"""The advice on a domain, beside Validate."""

from __future__ import annotations

from pytest_django import Settings

from outtray.diagnosis.models import Probe
from outtray.diagnosis.probes import run_probe, start_probe
from outtray.people.models import Membership
from tests import builders
from tests.conftest import TurnedClock
from tests.servers.names import NameServer, name_server
from tests.servers.scripted import ScriptedServer


def probed(
    ben: Membership,
    server: ScriptedServer,
    clock: TurnedClock,
    settings: Settings,
    zone: NameServer,
) -> Probe:
    settings.DETECTION, settings.NAME_SERVERS = True, [zone.place]
    mailbox = builders.user_email(ben, at=clock.now(), port=server.port)
    return run_probe(start_probe(ben, mailbox, at=clock.now()).pk, clock=clock)


def test_a_probe_keeps_what_is_advised_and_passes_all_the_same(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock, settings: Settings
) -> None:
    with name_server() as zone:
        probe = probed(ben, smtp_server, clock, settings, zone)

    assert probe.state == Probe.State.PASSED
    assert probe.domain_advice is not None
    assert [one["subject"] for one in probe.domain_advice] == ["spf", "dkim", "dmarc"]
    assert [one["verdict"] for one in probe.domain_advice] == ["advice", "unknown", "advice"]


def test_silent_name_servers_hold_no_probe_up(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock, settings: Settings
) -> None:
    with name_server() as zone:
        zone.is_silent_about("")
        probe = probed(ben, smtp_server, clock, settings, zone)

    assert probe.state == Probe.State.PASSED
    assert {one["verdict"] for one in probe.domain_advice or []} == {"unknown"}


def test_an_installation_that_asks_nobody_advises_nothing(
    ben: Membership, smtp_server: ScriptedServer, clock: TurnedClock
) -> None:
    mailbox = builders.user_email(ben, at=clock.now(), port=smtp_server.port)

    probe = run_probe(start_probe(ben, mailbox, at=clock.now()).pk, clock=clock)

    assert probe.domain_advice == []
