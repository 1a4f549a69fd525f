"""Ids sort by their making."""

from __future__ import annotations

from outtray.lib.ids import new_id


def test_a_later_id_sorts_after_an_earlier_one() -> None:
    ids = [new_id() for _ in range(10_000)]

    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {made.version for made in ids} == {7}
    assert {made.variant for made in ids} == {"specified in RFC 4122"}
