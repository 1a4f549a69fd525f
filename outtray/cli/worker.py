"""`outtray worker`: deliver beside other processes."""

from __future__ import annotations

import click

from outtray.cli.main import set_up


@click.command("worker")
def command() -> None:
    """Send what is in the Email Queue, beside any number of other workers.

    Needs a PostgreSQL (OUTTRAY_DATABASE_URL) that `outtray serve` or `outtray migrate` has
    prepared, and the data folder and key ring that the serving machine uses.

    \b
    Example:
        outtray worker
    """
    set_up()
    from outtray.ops.worker import work

    work(say=click.echo)
