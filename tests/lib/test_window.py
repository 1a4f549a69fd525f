"""A rolling window never tells less than what was used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from outtray.lib.window import Slots, Window

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = Window(timedelta(minutes=1), timedelta(milliseconds=10))


def test_what_was_used_is_free_again_after_the_span() -> None:
    slots = MINUTE.added([], [3], at=AT)

    assert MINUTE.used(slots, at=AT) == 3
    assert MINUTE.used(slots, at=AT + timedelta(seconds=59)) == 3
    assert MINUTE.used(slots, at=AT + timedelta(seconds=61)) == 0
    assert AT < MINUTE.free_at(slots, 3, at=AT) - timedelta(minutes=1) < AT + MINUTE.slot * 2


def test_what_is_counted_back_is_never_less_than_nothing() -> None:
    slots = MINUTE.added([], [1], at=AT)

    slots = MINUTE.added(slots, [-5], at=AT)

    assert MINUTE.used(slots, at=AT) == 0


@given(
    steps=st.lists(st.tuples(st.floats(0, 30), st.integers(1, 5)), max_size=30),
    after=st.floats(0, 90),
)
def test_the_window_tells_at_least_what_was_used_within_it(
    steps: list[tuple[float, int]], after: float
) -> None:
    at, slots, used = AT, list[list[float]](), list[tuple[datetime, int]]()
    for seconds, amount in steps:
        at += timedelta(seconds=seconds)
        slots = MINUTE.added(slots, [amount], at=at)
        used.append((at, amount))

    at += timedelta(seconds=after)

    truly = sum(amount for when, amount in used if at - when < MINUTE.span)
    assert MINUTE.used(slots, at=at) >= truly
    assert MINUTE.used(slots, at=at + MINUTE.span + MINUTE.slot) == 0


def test_there_is_room_at_that_time_whatever_fraction_of_a_second_it_is() -> None:
    """A slot ends at a tenth of a second, which no binary fraction is."""
    window = Window(timedelta(minutes=1), timedelta(milliseconds=100))
    begun = [AT + timedelta(milliseconds=100 * number) for number in range(600)]

    free = [window.free_at(window.added([], [1], at=at), 1, at=at) for at in begun]

    assert not any(
        window.used(window.added([], [1], at=at), at=then)
        for at, then in zip(begun, free, strict=True)
    )


@given(amounts=st.lists(st.integers(1, 4), min_size=1, max_size=20), limit=st.integers(1, 30))
def test_at_the_time_that_it_tells_there_is_room(amounts: list[int], limit: int) -> None:
    slots: Slots = []
    for number, amount in enumerate(amounts):
        slots = MINUTE.added(slots, [amount], at=AT + timedelta(seconds=number))
    now = AT + timedelta(seconds=len(amounts))

    free = MINUTE.free_at(slots, limit, at=now)

    assert free >= now
    assert MINUTE.used(slots, at=free) < limit
