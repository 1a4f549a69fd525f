"""`outtray import`: take documents in from a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from outtray.cli import acting
from outtray.cli.output import as_json, table

if TYPE_CHECKING:
    from outtray.documents.importing import File, ImportResult


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--format",
    "written_as",
    type=click.Choice(["json", "csv", "ubl", "cii", "factur-x"]),
    help="How the file is written, if it does not say itself.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON file that says what the columns of a CSV file mean.",
)
@click.option("--preview", is_flag=True, help="Show what would happen, and keep nothing.")
@click.option("--keep-going", is_flag=True, help="Keep the right ones although others are wrong.")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@acting.for_company
def command(
    file: BinaryIO,
    *,
    written_as: str | None,
    mapping: Path | None,
    preview: bool,
    keep_going: bool,
    is_json: bool,
    company: str,
    as_person: str,
) -> None:
    """Import the documents of a FILE ("-" is standard input).

    JSON, CSV, UBL 2.1, CII and Factur-X PDFs are known. What the columns of a CSV file mean
    is taken from --mapping, from what was settled on the import page for its header, or from
    the names of its columns.

    With one wrong document among them none is imported, unless --keep-going is given. The
    exit status is 0 if every document was right. Importing a file twice changes nothing.

    \b
    Example:
        outtray import documents.json --keep-going
        outtray import invoices.csv --preview
    """
    acting.ready()
    from outtray.documents.importing import import_documents, preview_documents
    from outtray.lib import clock

    member = acting.administrator(company, as_person)
    given, at = _file(file, written_as, mapping), clock.now()
    if preview:
        result = preview_documents(member.company, given, at=at)
    else:
        result = import_documents(
            member.company, given, by=member.person, at=at, keep_going=keep_going
        )
    show(result, is_json=is_json, is_preview=preview)
    sys.exit(1 if result.refused else 0)


def _file(file: BinaryIO, written_as: str | None, mapping: Path | None) -> File:
    """The file, of which no more is read than shows that it is too large."""
    from django.conf import settings

    from outtray.documents.importing import File, Format
    from outtray.documents.imports.csv.mapping import Mapping

    return File(
        file.read(settings.MAX_IMPORT_BYTES + 1),
        name=getattr(file, "name", ""),  # standard input may have none
        format=Format(written_as) if written_as else None,
        mapping=Mapping.from_text(text_of(mapping)) if mapping else None,
    )


def text_of(path: Path) -> str:
    """A small file as text; what is no UTF-8 in it is refused by whoever reads it."""
    return path.read_bytes().decode("utf-8-sig", errors="replace")


def show(result: ImportResult, *, is_json: bool, is_preview: bool = False) -> None:
    """What became of each document, and what is wrong with those that were refused."""
    if is_json:
        is_imported = result.imported and not is_preview
        as_json({"imported": is_imported, "items": [item.to_json() for item in result.items]})
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
