"""`outtray person`: who belongs to a company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from outtray.cli import acting
from outtray.cli.output import table

if TYPE_CHECKING:
    from outtray.people.models import Membership

ROLES = click.Choice(["administrator", "user"])


@click.group("person")
def command() -> None:
    """Add, list, change and remove persons.

    \b
    Example:
        outtray person add ben@example.com --name "Ben Behrens"
    """


@command.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", type=ROLES, default="user", show_default=True)
@click.option("--new-company", metavar="NAME", help="Found this company, with the person first.")
@acting.for_company
def add(
    email: str, *, name: str, role: str, new_company: str | None, company: str, as_person: str
) -> None:
    """Add a person, and print a link for choosing the password. It works once.

    \b
    Example:
        outtray person add ben@example.com --name "Ben Behrens"
        outtray person add clara@example.org --name "Clara Caspari" --new-company "Südhang"
    """
    acting.ready()
    from outtray.lib import clock
    from outtray.people.companies import found
    from outtray.people.password_links import belongs_elsewhere, link_for
    from outtray.people.persons import add_person

    if new_company:
        member = found(new_company, person_name=name, email=email, at=clock.now())
        link = "" if belongs_elsewhere(member) else link_for(member.person)
    else:
        by = acting.administrator(company, as_person)
        added = add_person(by, name=name, email=email, role=role, at=clock.now())
        member, link = added.membership, added.link
    click.echo(f"{member.person.email} is {member.get_role_display()} of {member.company}.")
    click.echo(f"Choose a password: {link}" if link else "Signs in with the known password.")


@command.command("list")
@acting.for_company
def show(*, company: str, as_person: str) -> None:
    """List the persons of a company.

    \b
    Example:
        outtray person list
    """
    acting.ready()
    from outtray.people.models import Membership

    by = acting.administrator(company, as_person)
    members = Membership.objects.visible_to(by).order_by("created_at")
    table(
        ("EMAIL", "NAME", "ROLE"),
        [(member.person.email, member.person.name, member.role) for member in members],
    )


@command.command("role")
@click.argument("email")
@click.argument("role", type=ROLES)
@acting.for_company
def change(email: str, role: str, *, company: str, as_person: str) -> None:
    """Give a person another role. An administrator always remains.

    \b
    Example:
        outtray person role ben@example.com administrator
    """
    acting.ready()
    from outtray.people.persons import change_role

    by, of = _both(email, company, as_person)
    changed = change_role(by, of, role)
    click.echo(f"{changed.person.email} is {changed.get_role_display()} of {changed.company}.")


@command.command("remove")
@click.argument("email")
@acting.for_company
def remove(email: str, *, company: str, as_person: str) -> None:
    """Take a person out of a company, with the API keys. What he or she did stays.

    \b
    Example:
        outtray person remove ben@example.com
    """
    acting.ready()
    from outtray.people.persons import remove_person

    by, of = _both(email, company, as_person)
    remove_person(by, of)
    click.echo(f"{of.person.email} does not belong to {by.company} any more.")


@command.command("link")
@click.argument("email")
@acting.for_company
def link(email: str, *, company: str, as_person: str) -> None:
    """Print a link by which a person chooses a new password. It works once.

    \b
    Example:
        outtray person link ben@example.com
    """
    acting.ready()
    from outtray.people.password_links import password_link

    by, of = _both(email, company, as_person)
    click.echo(password_link(by, of))


def _both(email: str, company: str, as_person: str) -> tuple[Membership, Membership]:
    """Who acts, and on whom."""
    return acting.administrator(company, as_person), acting.person(company, email)
