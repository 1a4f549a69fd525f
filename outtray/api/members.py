"""Who a key acts for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from outtray.api.access import me

router = Router(tags=["Access"])


class Me(Schema):
    """The person and the company that a key acts for."""

    person_id: UUID
    name: str
    email: str
    role: str
    company_id: UUID
    company_name: str


@router.get("", response=Me, operation_id="read_me")
def show(request: HttpRequest) -> Any:
    """Say whom this key acts for."""
    member = me(request)
    return {
        "person_id": member.person_id,
        "name": member.person.name,
        "email": member.person.email,
        "role": member.role,
        "company_id": member.company_id,
        "company_name": member.company.name,
    }
