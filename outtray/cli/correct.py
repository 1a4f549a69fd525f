"""`outtray correct`: an email once more, to the address that it should have gone to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import click

from outtray.cli import acting
from outtray.cli.output import as_json
from outtray.lib.errors import Refused

if TYPE_CHECKING:
    from outtray.outbox.models import Email


@click.command("correct")
@click.argument("email_id", type=click.UUID, metavar="EMAIL")
@click.option(
    "--to", "rights", multiple=True, required=True, metavar="ADDRESS", help="The right address."
)
@click.option(
    "--instead-of",
    "wrongs",
    multiple=True,
    metavar="ADDRESS",
    help="The one that it replaces; needed where several have not got the email.",
)
@click.option("--save", is_flag=True, help="Write it to the customer or vendor, too.")
@click.option("--again", is_flag=True, help="Also to an address that has got this email.")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@acting.for_company
def command(
    email_id: UUID,
    *,
    rights: tuple[str, ...],
    wrongs: tuple[str, ...],
    save: bool,
    again: bool,
    is_json: bool,
    company: str,
    as_person: str,
) -> None:
    """Send the same letter to a corrected address, as a new email linked to the EMAIL.

    Whoever has got it gets nothing. For several addresses give --instead-of and --to once
    for each.

    \b
    Example:
        outtray correct 01a20301-b3da-78e1-8392-f906a39827bd --to info@kunde.example
    """
    acting.ready()
    from outtray.lib import clock
    from outtray.outbox.correct import send_corrected

    member = acting.administrator(company, as_person)
    email = acting.email_of(member, email_id)
    new = send_corrected(
        email.pk,
        _corrections(email, wrongs, rights),
        by=member.person,
        at=clock.now(),
        save=save,
        again=again,
    )
    if is_json:
        as_json({"id": new.pk, "to": [each.address for each in new.recipients.all()]})
    else:
        click.echo(f"It goes to {new.to_summary} as the new email {new.pk}.")


def _corrections(email: Email, wrongs: Sequence[str], rights: Sequence[str]) -> Mapping[str, str]:
    """The right address by the wrong one; alone it replaces the only one without the email."""
    if not wrongs and len(rights) == 1:
        wrongs = _without_it(email)
    if len(wrongs) != len(rights):
        known = ", ".join(each.address for each in email.recipients.all())
        raise Refused(
            "which_recipient", f"Say with --instead-of which address each replaces: {known}."
        )
    return dict(zip(wrongs, rights, strict=True))


def _without_it(email: Email) -> list[str]:
    """Those whom no server took it for; the only recipient in any case."""
    from outtray.outbox.states import RecipientState

    everybody = list(email.recipients.all())
    left = [each for each in everybody if each.state != RecipientState.ACCEPTED]
    return [each.address for each in (everybody if len(everybody) == 1 else left)]
