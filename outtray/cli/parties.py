"""`outtray parties`: customers and vendors, taken in from a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from outtray.cli import acting
from outtray.cli.imports import text_of
from outtray.cli.output import as_json, table

if TYPE_CHECKING:
    from outtray.documents.parties_import import PartyImport


@click.group("parties")
def command() -> None:
    """Take customers and vendors in from a file.

    \b
    Example:
        outtray parties import customers.csv --preview
    """


@command.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--vendors", is_flag=True, help="Rows that name no role are vendors.")
@click.option("--keep-going", is_flag=True, help="Keep the right ones although others are wrong.")
@click.option("--preview", is_flag=True, help="Keep nothing; say what would be done.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='What the columns mean: {"columns": {heading: column}}, as JSON.',
)
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@acting.for_company
def take_in(
    file: BinaryIO,
    *,
    vendors: bool,
    keep_going: bool,
    preview: bool,
    mapping: Path | None,
    is_json: bool,
    company: str,
    as_person: str,
) -> None:
    """Import the parties of a CSV or JSON FILE ("-" is standard input).

    A party is known by its role and number; what the file says of it replaces what is
    known. What the columns of a CSV file mean is taken from --mapping, from what was settled
    on the import page for its header, or from the names of its columns. With one wrong party
    among them none is imported, unless --keep-going is given.
    The exit status is 0 if every party was right.

    \b
    Example:
        outtray parties import vendors.csv --vendors
    """
    acting.ready()
    from outtray.documents.parties_import import import_parties
    from outtray.documents.party_columns import columns_from_text
    from outtray.lib import clock

    member = acting.administrator(company, as_person)
    result = import_parties(
        member.company,
        file.read(),
        by=member.person,
        at=clock.now(),
        role="vendor" if vendors else "customer",
        keep_going=keep_going,
        preview=preview,
        columns=columns_from_text(text_of(mapping)) if mapping else None,
    )
    _show(result, is_json=is_json)
    sys.exit(1 if result.refused else 0)


def _show(result: PartyImport, *, is_json: bool) -> None:
    """What became of each party, and what is wrong with those that were refused."""
    if is_json:
        as_json({"items": [item.to_json() for item in result.items]})
        return
    table(
        ("", "ROLE", "NUMBER", "NAME", "CHANGED"),
        [
            (item.status.value, item.role, item.number, item.name, ", ".join(item.changed))
            for item in result.items
        ],
    )
    for item in result.refused:
        place = f"line {item.line}" if item.line else f"party {item.index + 1}"
        click.echo(f"outtray: {place} ({item.number or 'without a number'}):", err=True)
        for wrong in item.problems:
            click.echo(f"  {wrong.path}: {wrong.message}", err=True)
