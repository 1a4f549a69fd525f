"""`outtray migrate`: bring the database up to this version."""

from __future__ import annotations

import click

from outtray.cli.main import set_up


@click.command("migrate")
def command() -> None:
    """Bring the database up to this version; `serve` does the same when it starts.

    \b
    Example:
        outtray migrate
    """
    set_up()
    from outtray.ops.bootstrap import prepare

    prepared = prepare()
    for step in prepared.migrated:
        click.echo(f"migrated  {step}")
    if not prepared.migrated:
        click.echo("The database is up to date.")
