"""Pieces of work that get in one another's way, and those that do not."""

from __future__ import annotations

from outtray.engine.crowding import Crowding


def after(pieces: int, *, each: float) -> Crowding:
    crowding = Crowding()
    for _ in range(pieces):
        crowding.ended(each)
    return crowding


def test_many_pieces_that_keep_one_core_busy_are_a_crowd() -> None:
    assert after(20, each=0.0045).is_felt(0.1)


def test_pieces_that_wait_for_servers_are_none() -> None:
    assert not after(20, each=0.001).is_felt(0.1)


def test_long_pieces_are_none_however_busy() -> None:
    assert not after(2, each=0.045).is_felt(0.1)


def test_pieces_that_keep_several_cores_busy_are_none() -> None:
    assert not after(20, each=0.009).is_felt(0.1)


def test_only_what_came_since_the_last_look_counts() -> None:
    crowding = after(20, each=0.0045)
    crowding.is_felt(0.1)

    assert not crowding.is_felt(0.1)
