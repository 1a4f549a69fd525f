"""`outtray demo`: the whole journey on this machine, with nothing set up."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from outtray.cli.main import set_up
from outtray.config import env
from outtray.lib.sealing import Secret
from outtray.ops.demo.destination import Destination, outside
from outtray.ops.demo.stage import stage

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("demo")
@click.option("--exit", "ends", is_flag=True, help="End after the table, as without a terminal.")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object instead of the table.")
@click.option("--smtp", metavar="HOST:PORT", help="Send to this mail server, not to our own.")
@click.option(
    "--security",
    type=click.Choice(["none", "starttls", "tls"]),
    help="How to connect to it.  [default: tls on port 465; none on this machine without a "
    "user name; else starttls]",
)
@click.option("--username", default="", help="The login of both mailboxes, and their address.")
@click.option("--password-file", type=_FILE, help="A file that holds its password.")
@click.option("--ca", type=_FILE, help="An authority to trust besides the known ones.")
@click.option("--port", type=click.IntRange(1, 65535), default=8025, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), help="Keep the data in this new folder.")
def command(
    *,
    ends: bool,
    is_json: bool,
    smtp: str | None,
    security: str | None,
    username: str,
    password_file: Path | None,
    ca: Path | None,
    port: int,
    data: Path | None,
) -> None:
    """Send six documents on this machine, and show them.

    Starts Outtray and a mail server of its own on a fresh folder, sets up a company with two
    mailboxes, sends one document of each kind, and keeps serving until Ctrl-C. The exit
    status is 0 if all six were accepted.

    With --smtp the documents go to that server. A user name that is an address is then the
    sender of all six; without one they come from addresses of the demo's company.

    \b
    Example:
        outtray demo
        outtray demo --exit --json --smtp localhost:2525
    """
    there = _there(smtp, security, username, password_file, ca)
    with stage(port=port, folder=data, outside=there) as staged:
        for name, value in staged.variables.items():
            env.put(name, value)
        env.set_default("OUTTRAY_LOG_LEVEL", "error")
        set_up()
        from outtray.ops.demo.run import Demo

        demo = Demo(
            staged.destination,
            say=partial(click.echo, err=is_json),
            show=click.echo,
            is_json=is_json,
            ends=ends or not sys.stdout.isatty(),
        )
        accepted = demo.run()
    sys.exit(0 if accepted else 1)


def _there(
    smtp: str | None,
    security: str | None,
    username: str,
    password_file: Path | None,
    ca: Path | None,
) -> Destination | None:
    if smtp is None:
        if security or username or password_file or ca:
            raise click.UsageError("--security, --username, --password-file and --ca need --smtp.")
        return None
    return outside(
        smtp,
        security=security,
        username=username,
        password=Secret(password_file.read_text().strip() if password_file else ""),
        ca_file=str(ca.resolve()) if ca else "",
    )
