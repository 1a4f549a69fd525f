"""`outtray einvoice`: check an e-invoice, whoever wrote it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click


@click.group("einvoice")
def command() -> None:
    """Look at e-invoices.

    \b
    Example:
        outtray einvoice check RE-2026-1043.pdf
    """


@command.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "is_json", is_flag=True, help="Answer as JSON.")
def check(file: Path, *, is_json: bool) -> None:
    """Check FILE: UBL 2.1, CII, or a Factur-X PDF.

    It is held against the schema and, if it is an invoice or a credit note, against the rules
    of EN 16931. Nothing is asked of any network or database. The exit status is 1 where a rule
    is broken.

    \b
    Example:
        outtray einvoice check RE-2026-1043.pdf
    """
    from outtray.documents.einvoice.strangers import check_file

    verdict = check_file(file.read_bytes())
    if is_json:
        click.echo(json.dumps(asdict(verdict), ensure_ascii=False, indent=2))
    else:
        for problem in verdict.problems:
            click.echo(f"{problem.rule}: {problem.sentence}")
        end = "breaks rules" if verdict.problems else "is right"
        click.echo(f"{file.name}: {verdict.form} {end}.")
    sys.exit(1 if verdict.problems else 0)
