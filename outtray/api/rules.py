"""What the company has settled for each kind of document: who gets it, who sends it, its look."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema

from outtray.api.access import me
from outtray.api.values import Text
from outtray.compose.models import DocumentDefault
from outtray.compose.rules.company_rules import Rules
from outtray.compose.rules.set_look import set_look
from outtray.compose.rules.set_recipients import set_recipients, usual_order
from outtray.compose.rules.set_sender import allow_company_email, set_sender
from outtray.documents.kinds.registry import KINDS
from outtray.people.models import Membership

router = Router(tags=["Rules"])


class RuleIn(Schema):
    """What a kind of document is to have. Empty `slots` are the usual order.

    Of `slots` only the first that is filled gets a document; `fallback` is the member who
    gets one of which none is.
    """

    slots: list[Text] = []
    fallback: UUID | None = None
    send_from: UUID | None = None
    cc_email: Text = ""
    template: UUID | None = None
    layout: UUID | None = None


class RuleShape(RuleIn):
    """What holds for a kind of document, settled or usual."""

    kind: str
    slots_are_usual: bool


class RulesShape(Schema):
    """What holds for every kind. `may_use_company_email`: the default Company Email sends
    for persons who have no User Email.
    """

    may_use_company_email: bool
    kinds: list[RuleShape]


class CompanyEmailUse(Schema):
    """Whether the default Company Email sends for persons who have no User Email."""

    may_use_company_email: bool


@router.get("", response=RulesShape, operation_id="read_rules")
def show(request: HttpRequest) -> Any:
    """Read what holds for every kind of document."""
    return _shape(me(request))


@router.patch("", response=RulesShape, operation_id="allow_company_email")
def allow(request: HttpRequest, wanted: CompanyEmailUse) -> Any:
    """Let the default Company Email step in, or not. For administrators."""
    allow_company_email(me(request), allowed=wanted.may_use_company_email)
    return _shape(me(request))


@router.put("/{str:kind}", response=RulesShape, operation_id="put_rule")
def update(request: HttpRequest, kind: str, wanted: RuleIn) -> Any:
    """Settle all of it for a kind of document. For administrators."""
    membership = me(request)
    with transaction.atomic():
        set_sender(membership, kind, send_from=wanted.send_from, cc_email=wanted.cc_email)
        set_recipients(membership, kind, slots=wanted.slots, fallback=wanted.fallback)
        set_look(membership, kind, template=wanted.template, layout=wanted.layout)
    return _shape(membership)


def _shape(membership: Membership) -> dict[str, Any]:
    rules = Rules.of(membership.company)
    return {
        "may_use_company_email": rules.may_use_company_email,
        "kinds": [
            {
                "kind": kind.name,
                "slots": list(rules.order_of(kind)),
                "slots_are_usual": rules.order_of(kind) == usual_order(kind.name),
                **_settled(rules.default_of(kind.name)),
            }
            for kind in KINDS.values()
        ],
    }


def _settled(default: DocumentDefault | None) -> dict[str, Any]:
    settled = default or DocumentDefault()
    return {
        "fallback": settled.fallback_id,
        "send_from": settled.send_from_id,
        "cc_email": settled.cc_email,
        "template": settled.template_id,
        "layout": settled.layout_id,
    }
