"""How many emails a person sees, several counts at once, by statements written once.

Every page counts something, and Django would write each statement anew, which takes far longer than
running it. Here it writes one for administrators and one for users, with stand-ins for who asks;
so what a person may see is said in `visible_to` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Membership, Role

Questions = Iterable[QuerySet[Any]]
Asked = Callable[..., Questions]

_COMPANY, _PERSON = UUID(int=1), UUID(int=2)
_FINAL = (State.SENT, State.FAILED)


def waiting_for_person(membership: Membership) -> tuple[int, int]:
    """How many unknown ones no look-up can tell of, and how many failed and were not sent again."""
    asked, failed = counted(membership, _waiting_for_person)
    return asked, failed


def state_counts_of(membership: Membership, *states: State) -> dict[State, int]:
    """How many emails a person sees in each of these states."""
    return dict(zip(states, counted(membership, _in_states, states), strict=True))


def capped_counts(membership: Membership, *, most: int) -> tuple[dict[State, int], int]:
    """How many in each state, and how many of those that failed were not sent again.

    At most `most` of each are counted: as cheap for millions as for hundreds.
    """
    *counts, left = counted(membership, _capped, most)
    return dict(zip(State, counts, strict=True)), left


def settled_counts(membership: Membership, midnights: Sequence[datetime]) -> list[tuple[int, int]]:
    """How many were sent, and how many failed, from each of these moments to the next."""
    edges = _edges(len(midnights))
    moment = Email._meta.get_field("settled_at")
    given = {
        moment.get_db_prep_value(edge, connection): moment.get_db_prep_value(midnight, connection)
        for edge, midnight in zip(edges, midnights, strict=True)
    }
    counts = counted(membership, _settled, len(midnights), given=given)
    return list(zip(counts[::2], counts[1::2], strict=True))


def counted(
    membership: Membership, asked: Asked, *shape: object, given: Mapping[Any, object] | None = None
) -> list[int]:
    """How many rows each of the questions finds that `asked` puts for a person.

    It is called once for each `shape`, with a stand-in for the person; `given` says what goes
    where it has put stand-ins of its own.
    """
    statement, parameters = _written(asked, shape, is_administrator=membership.is_administrator)
    key = Email._meta.pk.get_db_prep_value
    filled = {
        key(_COMPANY, connection): key(membership.company_id, connection),
        key(_PERSON, connection): key(membership.person_id, connection),
        **(given or {}),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, [filled.get(each, each) for each in parameters])
        return list(cursor.fetchone())


def _waiting_for_person(somebody: Membership) -> Questions:
    emails = Email.objects.visible_to(somebody)
    yield emails.filter(state=State.UNKNOWN, look_up_at__isnull=True)
    yield emails.left_failed()


def _in_states(somebody: Membership, states: Sequence[State]) -> Questions:
    emails = Email.objects.visible_to(somebody)
    return (emails.filter(state=state) for state in states)


def _capped(somebody: Membership, most: int) -> Questions:
    yield from (each[:most] for each in _in_states(somebody, tuple(State)))
    yield Email.objects.visible_to(somebody).left_failed()[:most]


def _settled(somebody: Membership, moments: int) -> Questions:
    emails = Email.objects.visible_to(somebody)
    for since, until in pairwise(_edges(moments)):
        settled = emails.filter(settled_at__gte=since, settled_at__lt=until)
        yield from (settled.filter(state=state) for state in _FINAL)


def _edges(count: int) -> Sequence[datetime]:
    """Stand-ins for so many moments."""
    return [datetime(1 + number, 1, 1, tzinfo=UTC) for number in range(count)]


@cache
def _written(
    asked: Asked, shape: Sequence[object], *, is_administrator: bool
) -> tuple[str, Sequence[Any]]:
    role = Role.ADMINISTRATOR if is_administrator else Role.USER
    somebody = Membership(company_id=_COMPANY, person_id=_PERSON, role=role)
    found = asked(somebody, *shape)
    written = [each.values("pk").query.sql_with_params() for each in found]
    counts = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS found)" for sql, _ in written)  # noqa: S608 - written by Django
    return f"SELECT {counts}", [each for _, parameters in written for each in parameters]
