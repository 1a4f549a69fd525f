"""Delivery on hold, as a program reads and ends it."""

from __future__ import annotations

import pytest

from outtray.lib import clock
from outtray.outbox.models import Installation
from outtray.outbox.standstill import hold_delivery, is_held
from tests.api.conftest import Program

WHY = "The data folder is on another machine than before."
HOME = {"before": {"host": "nord-1", "folder": "/srv/a"}, "at": {"host": "nord-2", "folder": "/b"}}


def test_delivery_that_works_has_no_hold(bens: Program) -> None:
    told = bens.get("/delivery").json

    assert told["held_since"] is None
    assert (told["queued"], told["due"]) == (0, 0)


def test_an_administrator_reads_why_and_lets_it_go_on(annas: Program) -> None:
    hold_delivery(WHY, at=clock.now())
    Installation.objects.update(fingerprint=HOME)

    told = annas.get("/delivery").json
    ended = annas.ask("DELETE", "/delivery/hold")

    assert told["held_why"] == WHY
    assert (told["before"], told["now"]) == (HOME["before"], HOME["at"])
    assert ended.json["held_since"] is None
    assert not is_held()


@pytest.mark.usefixtures("annas")
def test_nobody_else_does(bens: Program, claras: Program) -> None:
    hold_delivery(WHY, at=clock.now())
    Installation.objects.update(fingerprint=HOME)

    for program in (bens, claras):
        told = program.get("/delivery").json
        refused = program.ask("DELETE", "/delivery/hold")

        assert told["held_since"]
        assert told["before"] is told["now"] is None
        assert (refused.status, refused.code) == (403, "not_allowed")
    assert is_held()
