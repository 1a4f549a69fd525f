"""`outtray worker`: deliver beside other processes."""

from __future__ import annotations

import click

from outtray.cli.main import set_up


@click.command("worker")
@click.option(
    "--metrics-port",
    type=click.IntRange(1, 65535),
    help="Answer /metrics and /health/live on this port.",
)
def command(metrics_port: int | None) -> None:
    """Send what is in the Email Queue, beside any number of other workers.

    Needs a PostgreSQL (OUTTRAY_DATABASE_URL) that `outtray serve` or `outtray migrate` has
    prepared, and the data folder and key ring that the serving machine uses.

    \b
    Example:
        outtray worker --metrics-port 9025
    """
    set_up()
    from outtray.ops.worker import work

    work(metrics_port=metrics_port, say=click.echo)
