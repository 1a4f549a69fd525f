"""`outtray key`: the API keys of persons, and the keys under the stored passwords."""

from __future__ import annotations

import click

from outtray.cli import acting
from outtray.cli.output import table
from outtray.lib.errors import Refused


@click.group("key")
def command() -> None:
    """Make, list and revoke API keys; exchange the key under the stored passwords.

    \b
    Example:
        outtray key create "ERP" --as ben@example.com
    """


@command.command("create")
@click.argument("name")
@acting.for_company
def create(name: str, *, company: str, as_person: str) -> None:
    """Make a key that acts as one person, and print it. It is shown only now.

    \b
    Example:
        outtray key create "ERP" --as ben@example.com
    """
    acting.ready()
    from outtray.lib import clock
    from outtray.people.keys import create_key

    member = acting.person(company, as_person)
    _, secret = create_key(member, name, at=clock.now())
    click.echo(secret.value)
    click.echo(f"Acts as {member.person.email}. Keep it safe: it is shown only now.", err=True)


@command.command("list")
@acting.for_company
def show(*, company: str, as_person: str) -> None:
    """List the keys, without what is secret of them.

    \b
    Example:
        outtray key list
    """
    acting.ready()
    from outtray.people.models import ApiKey

    member = acting.administrator(company, as_person)
    keys = ApiKey.objects.visible_to(member).select_related("membership__person")
    table(
        ("KEY", "NAME", "ACTS AS", "CREATED", "LAST USED", "REVOKED"),
        [
            (
                key.prefix,
                key.name,
                key.membership.person.email,
                *(
                    time.isoformat(timespec="minutes") if time else "-"
                    for time in (key.created_at, key.last_used_at, key.revoked_at)
                ),
            )
            for key in keys.order_by("created_at")
        ],
    )


@command.command("revoke")
@click.argument("key")
@acting.for_company
def revoke(key: str, *, company: str, as_person: str) -> None:
    """End a key, named by its beginning as `list` shows it, or by its name.

    \b
    Example:
        outtray key revoke outtray_3kD9xQ2m
    """
    acting.ready()
    from django.db.models import Q

    from outtray.lib import clock
    from outtray.people.keys import revoke_key
    from outtray.people.models import ApiKey

    member = acting.administrator(company, as_person)
    live = ApiKey.objects.visible_to(member).filter(revoked_at__isnull=True)
    found = list(live.filter(Q(prefix=key) | Q(name=key)))
    if len(found) != 1:
        count = "several keys" if found else "no key"
        raise Refused("no_such_key", f"There is {count} {key!r}.")
    revoke_key(member, found[0], at=clock.now())
    click.echo(f"Revoked {found[0].prefix} ({found[0].name}).")


@command.command("rotate")
def rotate() -> None:
    """Seal the passwords of all mailboxes with a new key.

    Old keys stay in the key ring, because backups need them. Keep a copy of the ring anew.

    \b
    Example:
        outtray key rotate
    """
    acting.ready()
    from django.conf import settings

    from outtray.lib import clock
    from outtray.mailboxes import rotation

    done, left = rotation.rotate(at=clock.now())
    click.echo(f"Sealed {done} passwords with a new key, kept in {settings.KEY_RING_FILE}.")
    if left:
        raise Refused("secret_unreadable", f"{left} passwords were left as they were.")
