"""`outtray queue`: what is in the Email Queue, and why it is not sent yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from outtray.cli import acting
from outtray.cli.output import as_json, table

if TYPE_CHECKING:
    from outtray.outbox.models import Email
    from outtray.outbox.why import Waiting

STATES = ("queued", "held", "sending", "sent", "failed", "unknown", "cancelled", "expired")


@click.command("queue")
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Only these.")
@click.option("--search", default="", help="Only with this text in subject or recipient.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True)
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@acting.for_company
def command(
    *,
    states: tuple[str, ...],
    search: str,
    limit: int,
    is_json: bool,
    company: str,
    as_person: str,
) -> None:
    """List the emails of the queue, newest first, with what they wait for.

    \b
    Example:
        outtray queue --state failed --state unknown
    """
    acting.ready()
    from outtray.lib import clock
    from outtray.outbox.ahead import ahead_of
    from outtray.outbox.models import Email
    from outtray.outbox.queries import EmailFilter, page_of, state_counts
    from outtray.outbox.standstill import is_held
    from outtray.outbox.why import why_not_sent

    member = acting.administrator(company, as_person)
    wanted = EmailFilter(states=states, search=search)
    emails = wanted.apply(Email.objects.visible_to(member))
    rows, _ = page_of(emails, before=None, limit=limit)
    at = clock.now()
    held, ahead = is_held(), ahead_of(rows, at=at)
    told = [
        _told(email, why_not_sent(email, at=at, is_held=held, ahead=ahead.get(email.pk)))
        for email in rows
    ]
    counts = {state: count for state, count in state_counts(member).items() if count}
    if is_json:
        as_json({"counts": counts, "emails": told})
        return
    click.echo("  ".join(f"{count} {state}" for state, count in counts.items()) or "no emails")
    if told:
        table(
            ("ID", "STATE", "FROM", "TO", "SUBJECT", "WAITS FOR", "UNTIL"),
            [_row(row) for row in told],
        )


def _told(email: Email, waiting: Waiting | None) -> dict[str, Any]:
    return {
        "id": email.pk,
        "state": email.state,
        "from": email.from_address,
        "to": email.to_summary,
        "subject": email.subject,
        "accepted_at": email.accepted_at.isoformat(),
        "due_at": email.due_at.isoformat(),
        "waiting": asdict(waiting) if waiting else None,
    }


def _row(told: Mapping[str, Any]) -> tuple[object, ...]:
    waiting = told["waiting"] or {"sentence": "", "until": None}
    until = waiting["until"].isoformat(timespec="seconds") if waiting["until"] else ""
    columns = (told[name] for name in ("id", "state", "from", "to", "subject"))
    return (*columns, waiting["sentence"], until)
