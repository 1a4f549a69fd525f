"""`outtray probe`: check a mailbox stage by stage, a saved one or one that is only typed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from outtray.cli import acting

_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)

_SECURITY = click.Choice(["starttls", "tls", "none"])


@click.command("probe")
@click.argument("address", required=False, default="")
@click.option(
    "--service",
    type=click.Choice(["smtp", "ews", "graph", "gmail"]),
    help="Check what these options say, without a database.",
)
@click.option("--host", default="", help="smtp: the outgoing server.")
@click.option("--port", type=click.IntRange(1, 65535), help="smtp: its port.")
@click.option("--security", type=_SECURITY, help="smtp: how the connection is protected.")
@click.option("--uri", default="", help="ews: the Exchange Uri.")
@click.option("--domain", default="", help="ews: the domain, company.com.")
@click.option("--username", default="", help="smtp, ews: the user name.")
@click.option("--password-file", type=_FILE, help="smtp, ews: the password; - reads it here.")
@click.option("--token-file", type=_FILE, help="graph, gmail: an access token; - reads it here.")
@click.option("--endpoint", default="", help="graph, gmail: where the interface answers.")
@click.option("--send-as", default="", help="graph, gmail: an alias, or a shared mailbox.")
@click.option("--cloud", default="", help="graph: the national cloud: usgov, dod, china, ...")
@click.option("--imap-host", default="", help="smtp: where the mailbox is read.")
@click.option("--imap-port", type=click.IntRange(1, 65535), help="smtp: the port there.")
@click.option("--imap-security", type=click.Choice(["tls", "starttls"]), help="smtp: there.")
@click.option("--ca", "ca_file", type=_FILE, help="Trust this authority's certificates too.")
@click.option("--address", "sender", default="", metavar="ADDRESS", help="Who sends the test mail.")
@click.option("--language", default="en", metavar="CODE", help="Of the explanation: en, de, ...")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@acting.for_company
def command(
    address: str,
    *,
    service: str | None,
    sender: str,
    language: str,
    is_json: bool,
    company: str,
    as_person: str,
    **typed: str | int | Path | None,
) -> None:
    """Check a mailbox as Validate does, with a test mail to itself.

    ADDRESS names a saved mailbox, which is ready if every stage passes. With --service it
    need not be saved: nothing is read from the database and nothing kept. The exit status
    is 0 if every stage passed and 1 if not.

    \b
    Example:
        outtray probe billing@example.com
        outtray probe --service smtp --host smtp.example.com --port 587 \\
            --security starttls --username billing@example.com --password-file secret.txt
    """
    if service and not address:
        from outtray.cli import probe_typed

        words = {name: value for name, value in typed.items() if value}
        passed = probe_typed.run(service, words, sender, language=language, is_json=is_json)
    elif address and not service:
        from outtray.cli import probe_saved

        acting.ready()
        member = acting.administrator(company, as_person)
        passed = probe_saved.run(member, address, is_json=is_json)
    else:
        raise click.UsageError("Name a saved mailbox by its address, or a --service.")
    sys.exit(0 if passed else 1)
