"""Whose turn it is: nobody starves, and urgent keys go first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from outtray.engine.turns import Key, Turns


def mailbox(key: str) -> Key:
    return ("mailbox", key)


def taken(turns: Turns) -> list[str]:
    found = []
    while key := turns.take():
        found.append(key[1])
    return found


def test_a_company_of_one_mailbox_waits_for_one_turn_of_each_other() -> None:
    turns = Turns()
    for number in range(1000):
        turns.add(mailbox(f"large/{number}"))

    turns.add(mailbox("small/1"))

    assert turns.take() == mailbox("large/0")
    assert turns.take() == mailbox("small/1")


def test_an_urgent_key_overtakes_those_that_are_not() -> None:
    turns = Turns()
    turns.add(mailbox("a/1"))
    turns.add(mailbox("b/1"))

    turns.add(mailbox("c/1"), urgent=True)

    assert taken(turns) == ["c/1", "a/1", "b/1"]


def test_a_waiting_key_that_becomes_urgent_moves_up_and_waits_once() -> None:
    turns = Turns()
    turns.add(mailbox("a/1"))
    turns.add(mailbox("a/2"))

    assert not turns.add(mailbox("a/2"), urgent=True)
    assert not turns.add(mailbox("a/2"))

    assert taken(turns) == ["a/2", "a/1"]


def test_urgent_keys_without_end_leave_a_turn_for_the_others() -> None:
    turns = Turns()
    turns.add(mailbox("quiet/1"))

    for number in range(5):
        turns.add(mailbox(f"busy/{number}"), urgent=True)
    order = [turns.take() for _ in range(4)]

    assert mailbox("quiet/1") in order


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4), st.booleans())))
def test_every_key_is_taken_exactly_once(added: list[tuple[str, int, bool]]) -> None:
    turns = Turns()
    for company, number, urgent in added:
        turns.add(mailbox(f"{company}/{number}"), urgent=urgent)

    found = taken(turns)

    assert sorted(found) == sorted({f"{company}/{number}" for company, number, _ in added})
    assert len(turns) == 0
