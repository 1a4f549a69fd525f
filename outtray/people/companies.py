"""Found a company with its first administrator."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from outtray.people.models import Company, Membership, Role
from outtray.people.texts import line
from outtray.people.who import join


def found(
    company_name: str,
    *,
    person_name: str,
    email: str,
    password: str | None = None,
    at: datetime,
) -> Membership:
    """Make a company and its first administrator, who may be somebody of another company.

    Without a password a new person signs in by a password link first. Refuses a weak one.
    """
    name = line(company_name, field="company_name", missing="Enter the name of the company.")
    with transaction.atomic():
        company = Company.objects.create(name=name, created_at=at)
        return join(
            company,
            name=person_name,
            email=email,
            role=Role.ADMINISTRATOR,
            password=password,
            at=at,
        )
