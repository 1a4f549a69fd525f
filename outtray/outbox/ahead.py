"""How many emails of a mailbox go before one of them, counted along the index, up to a bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from outtray.outbox.models import Email
from outtray.outbox.states import Lane, State

# So many of a lane are numbered. Beyond, nobody wants to know it so exactly.
MOST = 1000


def ahead_of(emails: Sequence[Email], *, at: datetime) -> Mapping[UUID, int]:
    """For those that are queued and due; `MOST` stands for as many or more.

    One query, and none if nothing is due. What has gone meanwhile is left out.
    """
    due = [email for email in emails if email.state == State.QUEUED and email.due_at <= at]
    if not due:
        return {}
    mailboxes = list({email.mailbox_id for email in due})
    numbered = _numbered(mailboxes, [email.pk for email in due], at)
    places = {email_id: before for email_id, _, before in numbered}
    long = {mailbox_id for _, mailbox_id, before in numbered if before == MOST - 1}
    return {
        email.pk: min(MOST, places.get(email.pk, MOST))
        for email in due
        if email.pk in places or email.mailbox_id in long
    }


def _numbered(
    mailboxes: Sequence[UUID], wanted: Sequence[UUID], at: datetime
) -> list[tuple[UUID, UUID, int]]:
    """Email, mailbox, and how many go before. Of a long queue the last number is always there."""
    key, time = Email._meta.pk, Email._meta.get_field("due_at")
    moment = time.get_db_prep_value(at, connection)
    parameters: list[Any] = []
    for mailbox_id in mailboxes:
        parameters += [key.get_db_prep_value(mailbox_id, connection), moment] * len(Lane)
    parameters += [key.get_db_prep_value(each, connection) for each in wanted]
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(mailboxes), len(wanted)), parameters)
        return [(UUID(str(pk)), UUID(str(whose)), before) for pk, whose, before in cursor]


def _statement(mailboxes: int, wanted: int) -> str:
    """The first of each lane as the index `email_due` has them, numbered mailbox by mailbox."""
    first = " UNION ALL ".join([_first(lane) for lane in Lane] * mailboxes)
    order = "PARTITION BY mailbox_id ORDER BY lane DESC, due_at, id"
    places = ", ".join(["%s"] * wanted)
    return (
        "SELECT id, mailbox_id, before FROM ("  # noqa: S608 - names of ours
        f"SELECT id, mailbox_id, row_number() OVER ({order}) - 1 AS before FROM ({first}) firsts"
        f") numbered WHERE id IN ({places}) OR before = {MOST - 1}"
    )


def _first(lane: Lane) -> str:
    return (
        f"SELECT * FROM (SELECT id, mailbox_id, lane, due_at FROM {Email._meta.db_table} "  # noqa: S608 - names of ours
        f"WHERE mailbox_id = %s AND state = '{State.QUEUED.value}' AND lane = {lane.value} "
        f"AND due_at <= %s ORDER BY due_at, id LIMIT {MOST}) of_lane"
    )
