"""Questions to name servers, and what they make of servers that do not answer well."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from outtray.transports.names import MOST_RECORDS, Names, NoWord, Server
from tests.servers.names import NameServer, name_server


@pytest.fixture
def zone() -> Iterator[NameServer]:
    with name_server() as server:
        yield server


@pytest.fixture
def names(zone: NameServer) -> Names:
    return Names((zone.place,))


def test_mail_hosts_come_in_the_order_of_their_preference(zone: NameServer, names: Names) -> None:
    zone.says("nordwind.example", "MX", "20 b.nordwind.example.", "10 A.Nordwind.example.")

    assert names.mail_hosts("nordwind.example") == ("a.nordwind.example", "b.nordwind.example")


def test_a_null_mx_names_nobody(zone: NameServer, names: Names) -> None:
    zone.says("nordwind.example", "MX", "0 .")

    assert names.mail_hosts("nordwind.example") == ()


def test_servers_of_a_service_come_in_the_order_to_try_them(zone: NameServer, names: Names) -> None:
    zone.says("_imaps._tcp.nordwind.example", "SRV", "5 1 993 b.", "5 9 993 c.", "0 0 993 a.")

    found = names.services("_imaps._tcp.nordwind.example")

    assert not isinstance(found, NoWord)
    assert [server.host for server in found] == ["a", "c", "b"]
    assert found[0] == Server("a", 993, 0, 0)


def test_a_service_that_is_decidedly_not_there_has_no_servers(
    zone: NameServer, names: Names
) -> None:
    zone.says("_imaps._tcp.nordwind.example", "SRV", "0 0 0 .")

    assert names.services("_imaps._tcp.nordwind.example") == ()


def test_the_parts_of_a_text_are_put_together(zone: NameServer, names: Names) -> None:
    zone.says("nordwind.example", "TXT", '"v=spf1 include:a" ".example -all"')

    assert names.texts("nordwind.example") == ("v=spf1 include:a.example -all",)


def test_a_name_that_does_not_exist_has_no_records(names: Names) -> None:
    assert names.texts("nothing.example") == ()
    assert names.addresses("nothing.example") == ()


def test_addresses_are_found_and_literals_are_themselves(zone: NameServer, names: Names) -> None:
    zone.says("four.example", "A", "192.0.2.1")
    zone.says("six.example", "AAAA", "2001:db8::1")

    assert names.addresses("four.example") == (ip_address("192.0.2.1"),)
    assert names.addresses("six.example") == (ip_address("2001:db8::1"),)
    assert names.addresses("169.254.169.254") == (ip_address("169.254.169.254"),)


def test_a_name_server_that_never_answers_is_not_waited_for(zone: NameServer, names: Names) -> None:
    zone.is_silent_about("nordwind.example")

    silence = names.mail_hosts("nordwind.example", seconds=0.05)

    assert isinstance(silence, NoWord)
    assert silence.is_late


def test_an_answer_too_large_for_a_datagram_is_fetched_and_cut(
    zone: NameServer, names: Names
) -> None:
    zone.says("nordwind.example", "TXT", *(f'"{number:0200}"' for number in range(200)))

    texts = names.texts("nordwind.example")

    assert len(texts) == MOST_RECORDS if isinstance(texts, tuple) else False


@pytest.mark.parametrize("name", ["a..example", "x" * 70 + ".example", "é" * 300])
def test_what_is_no_name_is_not_asked_for(zone: NameServer, names: Names, name: str) -> None:
    assert isinstance(names.texts(name), NoWord)
    assert zone.asked == []


def test_a_name_server_that_is_none_is_said(names: Names) -> None:
    assert isinstance(Names(("nonsense",)).texts("nordwind.example"), NoWord)
