"""Delivery on hold, as a program reads and ends it."""

from __future__ import annotations

import pytest

from outtray.lib import clock
from outtray.outbox.standstill import hold_delivery, is_held
from tests.api.conftest import Program

WHY = "It slept on nordwind-1 and woke on nordwind-2."


def test_delivery_that_works_has_no_hold(bens: Program) -> None:
    told = bens.get("/delivery").json

    assert told["held_since"] is None
    assert (told["queued"], told["due"]) == (0, 0)


def test_an_administrator_reads_why_and_lets_it_go_on(annas: Program) -> None:
    hold_delivery(WHY, at=clock.now())

    told = annas.get("/delivery").json
    ended = annas.ask("DELETE", "/delivery/hold")

    assert told["held_why"] == WHY
    assert ended.json["held_since"] is None
    assert not is_held()


@pytest.mark.usefixtures("annas")
def test_nobody_else_does(bens: Program, claras: Program) -> None:
    hold_delivery(WHY, at=clock.now())

    for program in (bens, claras):
        told = program.get("/delivery").json
        refused = program.ask("DELETE", "/delivery/hold")

        assert told["held_since"]
        assert told["held_why"] is None
        assert (refused.status, refused.code) == (403, "not_allowed")
    assert is_held()
