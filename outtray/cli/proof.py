"""`outtray proof`: the proof of sending of an email, as a PDF."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from outtray.cli import acting


@click.command("proof")
@click.argument("email_id", type=click.UUID, metavar="EMAIL")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    help="Where to write it; - for the standard output. Usually proof-of-sending-EMAIL.pdf here.",
)
@acting.for_company
def command(email_id: UUID, *, output: Path | None, company: str, as_person: str) -> None:
    """Write down what is known of the EMAIL: to whom, when, and what the servers answered.

    \b
    Example:
        outtray proof 01a20301-b3da-78e1-8392-f906a39827bd --output proof.pdf
    """
    acting.ready()
    from outtray.lib import clock
    from outtray.outbox.proof import proof_of
    from outtray.people.zones import zone_of

    member = acting.administrator(company, as_person)
    proof = proof_of(acting.email_of(member, email_id), at=clock.now(), zone=zone_of(member))
    path = output or Path(proof.filename)
    with click.open_file(str(path), "wb") as file:
        file.write(proof.content)
    if str(path) != "-":
        click.echo(f"Written to {path}.")
