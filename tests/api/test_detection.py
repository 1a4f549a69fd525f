from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from outtray.mailboxes.detection.detect import LIMIT
from tests.api.conftest import Program
from tests.servers.names import NameServer, name_server


@pytest.fixture
def zone(settings: Settings) -> Iterator[NameServer]:
    """The name server that this installation asks."""
    LIMIT.forget()
    with name_server() as server:
        settings.DETECTION = True
        settings.NAME_SERVERS = [server.place]
        yield server
    LIMIT.forget()


def test_a_program_is_told_the_server_of_an_address(bens: Program, zone: NameServer) -> None:
    zone.says("nordwind.example", "MX", "10 mx00.ionos.de.")

    told = bens.get("/detection?address=ben@nordwind.example").json

    assert told["best"]["settings"]["host"] == "smtp.ionos.de"
    assert told["best"]["provider"] == "ionos_de"
    assert {source["state"] for source in told["sources"]} <= {
        "found",
        "nothing",
        "trouble",
        "skipped",
    }


def test_what_is_no_address_is_a_problem_of_its_field(bens: Program, zone: NameServer) -> None:
    answer = bens.get("/detection?address=ben")

    assert (answer.status, answer.code) == (422, "bad_address")
    assert answer.json["errors"][0]["field"] == "address"


def test_a_person_may_not_look_up_addresses_without_end(bens: Program, zone: NameServer) -> None:
    answers = [bens.get(f"/detection?address=ben@n{number}.example") for number in range(61)]

    assert [answer.status for answer in answers[:60]] == [200] * 60
    assert (answers[60].status, answers[60].code) == (429, "too_many_detections")
    assert bens.get("/detection?address=ben@gmail.com").status == 200
