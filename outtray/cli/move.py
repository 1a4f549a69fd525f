"""`outtray move`: from SQLite to PostgreSQL."""

from __future__ import annotations

import click

from outtray.cli.main import set_up


@click.command("move")
def command() -> None:
    """Copy everything from the SQLite in the data folder into an empty PostgreSQL.

    OUTTRAY_DATABASE_URL names the PostgreSQL. Stop serving first, and make a backup. Messages
    and keys stay where they are. All is moved, or nothing.

    \b
    Example:
        outtray move
    """
    set_up()
    from outtray.ops.move import move

    move(say=click.echo)
    click.echo("Moved. Serve from now on with this OUTTRAY_DATABASE_URL.")
