"""What follows from a look into the Sent folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from outtray.returns.verdict import Ask, Circumstances, LookAgain, NotSent, Sent, verdict
from outtray.transports.base import Failure, Found, Scope, Search, Source, Stage

FOUND = Search(Found.FOUND, "It lies in the folder Sent.")
ABSENT = Search(Found.ABSENT, "It is not in the folder Sent, where others are.")
NOT_SEEN = Search(Found.CANNOT_TELL, "It is not in the folder Sent.")


def kept_out(*, is_temporary: bool) -> Search:
    failure = Failure(Stage.CONNECT, Scope.SERVER, is_temporary, Source.NETWORK, "no way")
    return Search(Found.CANNOT_TELL, "No way.", failure)


@pytest.fixture
def circumstances(at: datetime) -> Circumstances:
    return Circumstances(unknown_since=at, files_sent=True, is_same_mailbox=True)


def looks(search: Search, circumstances: Circumstances) -> list[timedelta]:
    """The waits between the looks, until something else follows."""
    waits, now = [], circumstances.unknown_since
    while isinstance(step := verdict(search, circumstances, at=now), LookAgain):
        waits.append(step.look_up_at - now)
        now = step.look_up_at
    return waits


def minutes(*numbers: int) -> list[timedelta]:
    return [timedelta(minutes=number) for number in numbers]


def test_what_is_found_was_sent(circumstances: Circumstances, at: datetime) -> None:
    assert verdict(FOUND, circumstances, at=at) == Sent()


def test_absence_is_believed_only_when_a_copy_has_had_time_to_come(
    circumstances: Circumstances, at: datetime
) -> None:
    assert looks(ABSENT, circumstances) == minutes(1, 5, 15, 60)
    assert verdict(ABSENT, circumstances, at=at + timedelta(minutes=81)) == NotSent()


def test_absence_from_a_folder_that_may_be_another_is_not_believed(
    circumstances: Circumstances, at: datetime
) -> None:
    changed = replace(circumstances, is_same_mailbox=False)

    assert verdict(ABSENT, changed, at=at + timedelta(hours=2)) == Ask()


def test_where_no_copy_need_come_a_person_is_asked_soon(
    circumstances: Circumstances, at: datetime
) -> None:
    elsewhere = replace(circumstances, files_sent=False)

    assert looks(NOT_SEEN, elsewhere) == minutes(1, 5)
    assert verdict(NOT_SEEN, elsewhere, at=at + timedelta(minutes=6)) == Ask()


def test_where_the_witness_is_missing_too_a_person_is_asked(
    circumstances: Circumstances, at: datetime
) -> None:
    assert verdict(NOT_SEEN, circumstances, at=at + timedelta(hours=2)) == Ask()


def test_a_server_that_is_down_is_asked_again_for_a_day(
    circumstances: Circumstances, at: datetime
) -> None:
    down = kept_out(is_temporary=True)

    waits = looks(down, circumstances)

    assert waits[:4] == minutes(1, 5, 15, 60)
    assert timedelta(days=1) < sum(waits, timedelta()) < timedelta(days=1, hours=1)
    assert verdict(down, circumstances, at=at + timedelta(days=2)) == Ask()


def test_a_lasting_obstacle_is_a_persons_matter_at_once(
    circumstances: Circumstances, at: datetime
) -> None:
    assert verdict(kept_out(is_temporary=False), circumstances, at=at) == Ask()
