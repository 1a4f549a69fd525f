"""The first start: company, administrator and password, by the one-time link."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from outtray.lib.errors import Refused
from outtray.people.companies import found
from outtray.people.models import Membership
from outtray.people.setup_link import forget_setup_token, is_setup_token


def start(
    company_name: str,
    person_name: str,
    email: str,
    password: str,
    *,
    token: str,
    at: datetime,
) -> Membership:
    """Make the first company. Works once, and only with the link that `serve` printed."""
    with transaction.atomic():
        if not is_setup_token(token):
            raise Refused(
                "setup_link_invalid",
                "This link does not work any more. Restart `outtray serve`, which prints a new "
                "one as long as there is no company.",
            )
        membership = found(
            company_name, person_name=person_name, email=email, password=password, at=at
        )
    forget_setup_token()
    return membership
