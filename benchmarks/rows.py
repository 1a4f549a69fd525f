"""Many emails in no time: copies of one that the product made, by SQL (SQLite only)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Model

    from outtray.mailboxes.models import Mailbox
    from outtray.outbox.claim import Claim
    from outtray.outbox.models import Email

APART = 30  # seconds between two emails of the past
# Ids begin with the time in milliseconds (RFC 9562 §5.7), so older emails have smaller ones.
_ID = "printf('%012x7000%04x%012x', {first} + n * 1000, {salt}, n)"
_AT = "strftime('%Y-%m-%d %H:%M:%f', row.{column}, ({apart} * (n - {count})) || ' seconds')"


def history(count: int, *, like: Email) -> None:
    """Emails of the past, nearly all of them sent as this one was, as queues have them."""
    times = ("accepted_at", "due_at", "first_due_at", "state_since", "settled_at")
    copy(
        like,
        count,
        salt=0,
        first=int(like.accepted_at.timestamp() * 1000) - (count + 1) * 1000,
        values={
            **{column: _AT.format(column=column, apart=APART, count=count + 1) for column in times},
            "subject": "'Invoice RE-' || n || ' from Nordwind'",
            "to_summary": "'customer' || (n % 997) || '@customer.example'",
            "party_name": "iif(n % 50, 'Another Customer', 'Brightwater Living Ltd')",
            "state": "CASE n % 200 WHEN 0 THEN 'failed' WHEN 2 THEN 'held' "
            "WHEN 3 THEN 'cancelled' ELSE row.state END",
        },
    )


def copy(
    email: Email, count: int, *, salt: int, first: int, values: Mapping[str, str] | None = None
) -> None:
    """So many more emails like this one, with all its rows, and `values` in place of its own.

    Their ids begin at the millisecond `first`; what is copied with another salt never
    clashes.
    """
    from outtray.outbox.models import Attempt, Email, Event, Recipient

    own_id = _ID.format(salt=salt, first=first)
    named = {"id": own_id, "message_id": f"'<' || {own_id} || '@nordwind.example>'"}
    copy_row(Email, "id", email, count, {**named, **(values or {})})
    for model in (Recipient, Attempt, Event):
        copy_row(model, "email_id", email, count, {"email_id": own_id})


def id_of(salt: int, first: int, number: str = "n") -> str:
    """The id of the copy of that number, in SQL."""
    return _ID.format(salt=salt, first=first).replace(" n", f" {number}")


def copy_row(
    model: type[Model], column: str, row: Model, count: int, values: Mapping[str, str]
) -> None:
    """So many copies of the rows of this model that name `row` in `column`.

    `values` are SQL expressions of `n`, the number of the copy.
    """
    from django.db import connection

    fields = model._meta.concrete_fields
    columns = [field.column or "" for field in fields if field.column != "id" or "id" in values]
    chosen = [values.get(name, f"row.{name}") for name in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
            f"WHERE n < {count}) "
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
            f"SELECT {', '.join(chosen)} FROM {model._meta.db_table} AS row, numbers "
            f"WHERE row.{column} = '{row.pk.hex}'"
        )


def sent(mailbox: Mailbox) -> Email:
    """An email that went through all its steps."""
    from benchmarks.cast import letter
    from outtray.lib.clock import now
    from outtray.outbox.accept import Terms, accept
    from outtray.outbox.claim import claim_due

    accept(letter(mailbox), mailbox=mailbox, terms=Terms(at=now()))
    (claim,) = claim_due(mailbox.pk, 1, worker="bench", at=now())
    attempt(claim)
    claim.email.refresh_from_db()
    return claim.email


def attempt(claim: Claim) -> None:
    """Let a claimed email be taken by a server that there is not."""
    from outtray.lib.clock import now
    from outtray.outbox.claim import begin_transmitting
    from outtray.outbox.decision import Decision
    from outtray.outbox.settle import Tried, settle
    from outtray.outbox.states import RecipientState, State
    from outtray.transports.base import Accepted, Outcome

    at = now()
    begin_transmitting(claim, server="mail.nordwind.example:465", started_at=at, at=at)
    everyone = list(claim.email.recipients.all())
    outcome = Outcome((Accepted("250 2.0.0 Ok: queued as 4Rz2"),) * len(everyone))
    decision = Decision(State.SENT, (RecipientState.ACCEPTED,) * len(everyone))
    settle(claim, Tried(everyone, outcome, claim.worker, at), decision, at=now())
