"""Who would get a document, and from whom: each with the reason, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from outtray.api.access import me
from outtray.compose.rules.company_rules import Rules
from outtray.compose.rules.recipients import Addressee, recipients_for
from outtray.compose.rules.sender import Sender, sender_for
from outtray.compose.templates.choice import TemplateChoice, template_for
from outtray.documents.models import Document
from outtray.lib.errors import Refused

router = Router(tags=["Documents"])

Found = TypeVar("Found")


class ReasonedRecipient(Schema):
    """Who gets it, and why. `is_fallback`: a person of the company, for want of an address."""

    kind: str
    name: str
    address: str
    reason: str
    is_fallback: bool


class ReasonedSender(Schema):
    """The mailbox that sends, and why."""

    mailbox: UUID
    address: str
    reason: str


class ReasonedTemplate(Schema):
    """The template that is used, and why; without an id it is the built-in one."""

    id: UUID | None
    language: str
    reason: str


class Obstacle(Schema):
    """Why it cannot go."""

    code: str
    detail: str


class Resolution(Schema):
    """What would become of a document that this key's person adds to the Email Queue."""

    recipients: list[ReasonedRecipient]
    sender: ReasonedSender | None
    template: ReasonedTemplate | None
    problems: list[Obstacle]


@router.get("/{uuid:document_id}/resolution", response=Resolution, operation_id="resolve_document")
def show(request: HttpRequest, document_id: UUID) -> Any:
    """Say who would get it, from whom and with which template. Nothing is sent.

    A kind that the party does not want by email is a problem here; a person may send it
    nevertheless.
    """
    membership = me(request)
    documents = Document.objects.visible_to(membership).select_related("party")
    document = get_object_or_404(documents, pk=document_id)
    rules = Rules.of(membership.company)
    problems: list[Refused] = []
    template = _or_none(
        lambda: template_for(document, membership=membership, rules=rules), problems
    )
    sender = _or_none(
        lambda: sender_for(document, membership, rules=rules, template=template), problems
    )
    recipients = _or_none(
        lambda: recipients_for(document, rules=rules, template=template), problems
    )
    return {
        "recipients": [_recipient(each) for each in recipients or ()],
        "sender": _sender(sender) if sender else None,
        "template": _template(template) if template else None,
        "problems": [{"code": each.code, "detail": each.detail} for each in problems],
    }


def _or_none(find: Callable[[], Found], problems: list[Refused]) -> Found | None:
    try:
        return find()
    except Refused as problem:
        problems.append(problem)
        return None


def _recipient(each: Addressee) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "name": each.address.name,
        "address": str(each.address.address),
        "reason": each.reason,
        "is_fallback": each.is_fallback,
    }


def _sender(sender: Sender) -> dict[str, Any]:
    mailbox = sender.mailbox
    return {"mailbox": mailbox.pk, "address": mailbox.address, "reason": sender.reason}


def _template(template: TemplateChoice) -> dict[str, Any]:
    return {
        "id": template.template_id,
        "language": template.language,
        "reason": template.reason,
    }
