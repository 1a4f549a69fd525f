"""`outtray import`: take documents in from a JSON file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, BinaryIO

import click

from outtray.cli import acting
from outtray.cli.output import as_json, table

if TYPE_CHECKING:
    from outtray.documents.importing import ImportResult


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--keep-going", is_flag=True, help="Keep the right ones although others are wrong.")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@acting.for_company
def command(
    file: BinaryIO, *, keep_going: bool, is_json: bool, company: str, as_person: str
) -> None:
    """Import the documents of a JSON FILE ("-" is standard input).

    With one wrong document among them none is imported, unless --keep-going is given. The
    exit status is 0 if every document was right. Importing a file twice changes nothing.

    \b
    Example:
        outtray import documents.json --keep-going
    """
    acting.ready()
    from outtray.documents.importing import import_documents
    from outtray.lib import clock

    member = acting.administrator(company, as_person)
    result = import_documents(
        member.company, file.read(), by=member.person, at=clock.now(), keep_going=keep_going
    )
    show(result, is_json=is_json)
    sys.exit(1 if result.refused else 0)


def show(result: ImportResult, *, is_json: bool) -> None:
    """What became of each document, and what is wrong with those that were refused."""
    if is_json:
        as_json({"imported": result.imported, "items": [item.to_json() for item in result.items]})
        return
    table(
        ("", "KIND", "NUMBER"),
        [(item.status.value, item.kind, item.number) for item in result.items],
    )
    complain(result)


def complain(result: ImportResult) -> None:
    """Name each wrong document and what is wrong with it, on standard error."""
    for item in result.refused:
        name = " ".join(part for part in (item.kind, item.number) if part)
        click.echo(f"outtray: document {item.index + 1} ({name or 'unnamed'}):", err=True)
        for wrong in item.problems:
            click.echo(f"  {wrong.path}: {wrong.message}", err=True)
