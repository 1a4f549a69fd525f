"""`outtray serve`: pages, API and delivery."""

from __future__ import annotations

import click

from outtray.cli.main import set_up
from outtray.config import env


@click.command("serve")
@click.option("--host", help="The address to serve on.  [default: OUTTRAY_HOST, 127.0.0.1]")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="The port to serve on.  [default: OUTTRAY_PORT, 8025]",
)
@click.option("--no-delivery", is_flag=True, help="Leave all sending to `outtray worker`.")
def command(host: str | None, port: int | None, *, no_delivery: bool) -> None:
    """Serve the pages and the API, and send what is in the Email Queue.

    The first start makes the data folder, the database and the keys, and prints a link for
    setting up the first company. It works once.

    \b
    Example:
        outtray serve --port 8080
    """
    if host is not None:
        env.put("OUTTRAY_HOST", host)
    if port is not None:
        env.put("OUTTRAY_PORT", str(port))
    set_up()
    from django.conf import settings

    from outtray.ops.serve import serve

    serve(settings.HOST, settings.PORT, say=click.echo, delivers=not no_delivery)
