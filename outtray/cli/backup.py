"""`outtray backup`: a consistent copy of everything."""

from __future__ import annotations

from pathlib import Path

import click

from outtray.cli.main import set_up


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--with-keys", is_flag=True, help="Copy the keys too. Guard such a copy well.")
def command(target: Path, *, with_keys: bool) -> None:
    """Copy everything to TARGET while serving goes on, and read it back.

    TARGET is a new folder, or one new file if its name ends in .tar. Without the keys, which
    must be kept elsewhere, a copy opens no password of a mailbox.

    \b
    Example:
        outtray backup /var/backups/outtray-monday.tar
    """
    set_up()
    from outtray.ops.backup import backup

    report = backup(target.absolute(), with_keys=with_keys)
    click.echo(
        f"{report.target}: {report.documents} documents, {report.emails} emails, "
        f"{report.blobs} files, {report.size / 1_000_000:.1f} MB, read back."
    )
    if not report.has_keys:
        click.echo("The keys are not in it. Keep a copy of the key ring elsewhere.")
