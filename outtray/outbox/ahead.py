"""How many emails of a mailbox go before one of them, counted along the index, up to a bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db import connection

from outtray.outbox.models import Email
from outtray.outbox.states import State

# So many are counted in each lane. Beyond, nobody wants to know it so exactly.
MOST = 2000


def ahead_of(emails: Sequence[Email], *, at: datetime) -> Mapping[UUID, int]:
    """For those that are queued and due; `MOST` stands for as many or more.

    One query, and none if nothing is due.
    """
    due = [email.pk for email in emails if email.state == State.QUEUED and email.due_at <= at]
    if not due:
        return {}
    key, time = Email._meta.pk, Email._meta.get_field("due_at")
    moment = time.get_db_prep_value(at, connection)
    ids = [key.get_db_prep_value(each, connection) for each in due]
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(due)), [moment, *ids])
        return {UUID(str(pk)): min(MOST, before) for pk, before in cursor.fetchall()}


@cache
def _statement(count: int) -> str:
    """Two walks along the index `email_due`: the quicker lanes, and the own one up to the email."""
    table, queued = Email._meta.db_table, f"'{State.QUEUED.value}'"
    same = f"SELECT 1 FROM {table} o WHERE o.mailbox_id = e.mailbox_id AND o.state = {queued}"  # noqa: S608 - names of ours
    quicker = f"{same} AND o.lane > e.lane AND o.due_at <= %s LIMIT {MOST}"
    before = f"{same} AND o.lane = e.lane AND (o.due_at, o.id) < (e.due_at, e.id) LIMIT {MOST}"
    places = ", ".join(["%s"] * count)
    return (
        f"SELECT e.id, (SELECT count(*) FROM ({quicker}) q) + (SELECT count(*) FROM ({before}) b) "  # noqa: S608 - names of ours
        f"FROM {table} e WHERE e.id IN ({places})"
    )
