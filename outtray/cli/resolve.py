"""`outtray resolve`: what is known of an email whose end is unknown, and what a person says."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import click

from outtray.cli import acting
from outtray.cli.output import as_json, table
from outtray.lib.errors import Refused

if TYPE_CHECKING:
    from outtray.outbox.models import Email
    from outtray.people.models import Membership
    from outtray.returns.facts import Facts


@click.command("resolve")
@click.argument("email_id", type=click.UUID, metavar="EMAIL")
@click.option("--arrived", "answer", flag_value="arrived", help="It arrived: count it as sent.")
@click.option(
    "--send-again", "answer", flag_value="send_again", help="Send it again, as a new email."
)
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@acting.for_company
def command(
    email_id: UUID, *, answer: str | None, is_json: bool, company: str, as_person: str
) -> None:
    """Say whether the EMAIL of unknown end arrived, or show what is known of it.

    `outtray queue --state unknown` lists those that wait for an answer.

    \b
    Example:
        outtray resolve 01a20301-b3da-78e1-8392-f906a39827bd --arrived
    """
    acting.ready()
    member = acting.administrator(company, as_person)
    email = acting.email_of(member, email_id)
    if answer is None:
        _show(email, is_json=is_json)
    else:
        _answer(email, member, answer, is_json=is_json)


def _show(email: Email, *, is_json: bool) -> None:
    from outtray.returns.facts import facts_of

    facts = facts_of(email)
    if facts is None:
        raise Refused("not_unknown", f"The end of this email is known: it is {email.state}.")
    if is_json:
        as_json({"id": email.pk, **facts.to_json()})
    else:
        table(("WHAT", "IS KNOWN"), _rows(facts))


def _rows(facts: Facts) -> list[tuple[str, object]]:
    look = facts.last_look
    seen = f"{look.told} ({look.at.isoformat(timespec='seconds')})" if look else "not looked into"
    then = (
        facts.look_up_at.isoformat(timespec="seconds") if facts.look_up_at else "a person decides"
    )
    return [
        ("handed over", facts.handed_over_at.isoformat(timespec="seconds")),
        ("by", f"{facts.mailbox} through {facts.server}" if facts.server else facts.mailbox),
        ("how far", facts.how_far),
        ("last words", facts.last_words),
        ("Sent folder", seen),
        ("looked into next", then),
        ("to", ", ".join(facts.recipients)),
        ("Message-ID", facts.message_id),
    ]


def _answer(email: Email, member: Membership, answer: str, *, is_json: bool) -> None:
    from outtray.lib import clock
    from outtray.outbox.resolve import arrived, send_again

    now = clock.now()
    if answer == "arrived":
        arrived(email.pk, by=member.person, at=now)
        told, said = email.pk, f"{email.pk} is counted as sent."
    else:
        told = send_again(email.pk, by=member.person, at=now).pk
        said = f"It was queued again as {told}."
    if is_json:
        as_json({"id": told, "answer": answer})
    else:
        click.echo(said)
