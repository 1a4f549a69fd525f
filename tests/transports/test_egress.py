"""Where we may connect to, decided on the resolved address."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outtray.transports import egress
from outtray.transports.base import Trouble
from outtray.transports.egress import NoWay, Rules
from tests.servers.processes import free_ports
from tests.servers.scripted import ScriptedServer

OPEN = Rules(allow_local=True, allow_networks=("10.0.0.0/8", "fd00::/8", "100.64.0.0/10"))


@pytest.mark.parametrize("port", [25, 465, 587, 2525, 443])
def test_public_addresses_are_reached_on_the_ports_of_mail(port: int) -> None:
    assert not egress.objection(ipaddress.ip_address("8.8.8.8"), port, rules=Rules())
    assert not egress.objection(ipaddress.ip_address("2606:4700::1111"), port, rules=Rules())


@pytest.mark.parametrize("port", [22, 80, 3306, 6379, 8025])
def test_other_ports_of_other_machines_are_never_reached(port: int) -> None:
    assert egress.objection(ipaddress.ip_address("8.8.8.8"), port, rules=OPEN)
    assert egress.objection(ipaddress.ip_address("10.1.2.3"), port, rules=OPEN)


@pytest.mark.parametrize("port", [143, 993])
def test_the_ports_for_reading_are_open_to_who_looks_into_a_sent_folder_only(port: int) -> None:
    reading = Rules(ports=egress.IMAP_PORTS)
    address = ipaddress.ip_address("8.8.8.8")

    assert not egress.objection(address, port, rules=reading)
    assert egress.objection(address, port, rules=Rules())
    assert egress.objection(address, 587, rules=reading)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "fe80::1",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "ff02::1",
        "240.0.0.1",
        "255.255.255.255",
        "100.100.100.200",
        "168.63.129.16",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
    ],
)
def test_some_addresses_are_refused_whatever_is_allowed(address: str) -> None:
    assert egress.objection(ipaddress.ip_address(address), 587, rules=OPEN)


@pytest.mark.parametrize("address", ["10.1.2.3", "192.168.1.1", "172.16.0.1", "fd12::1"])
def test_private_addresses_need_an_entry_in_the_list(address: str) -> None:
    listed = Rules(allow_networks=("10.0.0.0/8", "192.168.1.1", "172.16.0.0/12", "fd12::/16"))

    assert egress.objection(ipaddress.ip_address(address), 587, rules=Rules())
    assert not egress.objection(ipaddress.ip_address(address), 587, rules=listed)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_reached_only_where_that_is_switched_on(address: str) -> None:
    assert egress.objection(ipaddress.ip_address(address), 587, rules=Rules())
    assert not egress.objection(ipaddress.ip_address(address), 9999, rules=Rules(allow_local=True))


def test_listing_loopback_as_a_network_does_not_open_it() -> None:
    rules = Rules(allow_networks=("127.0.0.0/8", "0.0.0.0/0"))

    assert egress.objection(ipaddress.ip_address("127.0.0.1"), 587, rules=rules)
    assert egress.objection(ipaddress.ip_address("169.254.169.254"), 587, rules=rules)


def test_a_name_of_this_machine_is_refused_by_its_address() -> None:
    found = egress.resolve("localhost", 587, rules=Rules())

    assert isinstance(found, NoWay)
    assert found.trouble is Trouble.NOT_ALLOWED
    assert found.text == "localhost port 587 may not be connected to: it is this machine itself"


@pytest.mark.parametrize("host", ["no-such-name.invalid", "a" * 64 + ".example", "..", "a b"])
def test_a_name_that_does_not_exist_leads_nowhere(host: str) -> None:
    found = egress.resolve(host, 587, rules=Rules())

    assert isinstance(found, NoWay)
    assert found.trouble in {Trouble.NAME_NOT_FOUND, Trouble.NAME_SERVICE_FAILED}


def test_a_port_where_nobody_listens_refuses() -> None:
    (port,) = free_ports(1)
    endpoints = egress.resolve("127.0.0.1", port, rules=OPEN)
    assert not isinstance(endpoints, NoWay)

    found = egress.connect(endpoints, seconds=5)

    assert isinstance(found, NoWay)
    assert found.trouble is Trouble.CONNECTION_REFUSED


def test_the_next_address_is_tried_when_the_first_refuses(smtp_server: ScriptedServer) -> None:
    dead = egress.Endpoint(ipaddress.ip_address("127.0.0.9"), smtp_server.port)
    alive = egress.Endpoint(ipaddress.ip_address("127.0.0.1"), smtp_server.port)

    found = egress.connect((dead, alive), seconds=5)

    assert isinstance(found, socket.socket)
    found.close()


def test_a_port_that_never_answers_times_out() -> None:
    with _swallowing() as endpoint:
        found = egress.connect((endpoint,), seconds=0.2)

    assert isinstance(found, NoWay)
    assert found.trouble is Trouble.TIMED_OUT


def test_an_address_that_swallows_everything_does_not_keep_the_others_waiting(
    smtp_server: ScriptedServer,
) -> None:
    alive = egress.Endpoint(ipaddress.ip_address("127.0.0.1"), smtp_server.port)

    with _swallowing() as dead:
        found = egress.race((dead, alive), seconds=3600)

    assert isinstance(found, egress.Reached)
    assert found.sock.getpeername() == ("127.0.0.1", smtp_server.port)
    found.sock.close()


def test_an_ipv6_address_that_leads_nowhere_is_told_beside_the_one_that_works(
    smtp_server: ScriptedServer,
) -> None:
    nowhere = egress.Endpoint(ipaddress.ip_address("::1"), smtp_server.port)
    alive = egress.Endpoint(ipaddress.ip_address("127.0.0.1"), smtp_server.port)

    found = egress.race((nowhere, alive), seconds=5)

    assert isinstance(found, egress.Reached)
    assert [missed.text[:5] for missed in found.missed] == ["[::1]"]
    found.sock.close()


def test_of_several_failures_the_refusal_is_told() -> None:
    (port,) = free_ports(1)
    refusing = egress.Endpoint(ipaddress.ip_address("127.0.0.1"), port)

    with _swallowing() as dead:
        found = egress.connect((refusing, dead), seconds=0.5)

    assert isinstance(found, NoWay)
    assert found.trouble is Trouble.CONNECTION_REFUSED


@contextmanager
def _swallowing() -> Iterator[egress.Endpoint]:
    """A port that takes no connection and refuses none, as one behind a silent firewall."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as waiting:
        endpoint = egress.Endpoint(ipaddress.ip_address("127.0.0.1"), full.getsockname()[1])
        for _ in range(4):
            waiting.callback(_begin_to_connect(endpoint).close)
        yield endpoint


def _begin_to_connect(endpoint: egress.Endpoint) -> socket.socket:
    sock = socket.socket()
    sock.setblocking(False)
    sock.connect_ex((str(endpoint.ip), endpoint.port))
    return sock


@given(st.ip_addresses(v=4), st.sampled_from([22, 443, 587]))
def test_an_address_is_judged_alike_in_every_dress(
    address: ipaddress.IPv4Address, port: int
) -> None:
    dressed = [f"::ffff:{address}", str(ipaddress.IPv6Address((0x64FF9B << 96) | int(address)))]

    judged = {egress.objection(ipaddress.ip_address(text), port, rules=OPEN) for text in dressed}

    assert judged == {egress.objection(address, port, rules=OPEN)}
