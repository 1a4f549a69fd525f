"""For whom a command acts: `--company` and `--as`, needed only where there are several."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import click

from outtray.cli.main import set_up
from outtray.config import env
from outtray.lib.errors import Refused

if TYPE_CHECKING:
    from outtray.outbox.models import Email
    from outtray.people.models import Membership, MembershipQuerySet

Command = TypeVar("Command", bound=Callable[..., Any])


def for_company(command: Command) -> Command:
    """Adds `--company` and `--as`."""
    company = click.option(
        "--company", default="", metavar="NAME", help="The company, where there are several."
    )
    person = click.option(
        "--as", "as_person", default="", metavar="EMAIL", help="The person to act as."
    )
    return company(person(command))


def ready() -> None:
    """Read the settings and see that the database can be used.

    Such a command says itself what it does; its log is for what goes wrong.
    """
    env.set_default("OUTTRAY_LOG_LEVEL", "warning")
    set_up()
    from outtray.ops.bootstrap import prepare

    prepare(migrate=False)


def administrator(company: str, as_person: str) -> Membership:
    """Whoever was named, else the company's oldest administrator."""
    members = _members(company)
    if as_person:
        return _named(members, as_person)
    oldest = members.filter(role="administrator").order_by("created_at", "pk").first()
    if oldest is None:
        raise Refused("no_administrator", "This company has no administrator. Use --as.")
    return oldest


def person(company: str, as_person: str) -> Membership:
    """Whoever was named, else the only person of the company."""
    members = _members(company)
    if as_person:
        return _named(members, as_person)
    everybody = list(members.order_by("created_at")[:10])
    if len(everybody) == 1:
        return everybody[0]
    addresses = ", ".join(member.person.email for member in everybody)
    raise Refused("person_needed", f"Say as whom with --as EMAIL: {addresses}.")


def email_of(member: Membership, email_id: UUID) -> Email:
    """The email, if it is there for this member."""
    from outtray.outbox.models import Email

    visible = Email.objects.visible_to(member).select_related("company", "mailbox")
    email = visible.filter(pk=email_id).first()
    if email is None:
        raise Refused("no_such_email", f"There is no email {email_id}.")
    return email


def _members(company: str) -> MembershipQuerySet:
    from outtray.people.models import Company, Membership

    companies = Company.objects.filter(name__iexact=company) if company else Company.objects.all()
    found = list(companies.order_by("name")[:20])
    if not found:
        named = f" named {company!r}" if company else ""
        raise Refused("no_such_company", f"There is no company{named}.")
    if len(found) > 1:
        names = ", ".join(repr(each.name) for each in found)
        raise Refused("company_needed", f"Say which company with --company: {names}.")
    members = Membership.objects.filter(company=found[0], person__is_active=True)
    return members.select_related("company", "person")


def _named(members: MembershipQuerySet, email: str) -> Membership:
    found = members.filter(person__email__iexact=email).first()
    if found is None:
        raise Refused("no_such_person", f"There is no person {email} in this company.")
    return found
