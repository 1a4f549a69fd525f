"""Connections: connect a mailbox at Google or Microsoft, and disconnect it."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from outtray.api.access import me
from outtray.api.mailboxes import (
    MailboxShape,
    MailboxWishes,
    draft_of_wishes,
    mailbox_shapes,
    visible,
)
from outtray.lib import clock
from outtray.mailboxes.connect import begin, connect_app
from outtray.mailboxes.disconnect import disconnect
from outtray.mailboxes.models import Mailbox, Whose
from outtray.mailboxes.oauth_apps import redirect_uri
from outtray.mailboxes.rights import require_change

router = Router(tags=["Mailboxes"])


class ConnectionWishes(MailboxWishes):
    """A mailbox to be connected, as it shall be saved then; `sign_in` names the provider."""

    whose: Literal["user", "company"]
    service_type: Literal["email_services"] = "email_services"
    sign_in: Literal["google", "microsoft"]
    mailbox_id: UUID | None = Field(None, description="The Company Email to connect again.")


class SignInShape(Schema):
    """Where the key's person signs in and consents, within ten minutes.

    He opens the address in a browser in which he is signed in here too; then the mailbox is
    saved and connected.
    """

    url: str


@router.post("/connections", response={202: SignInShape}, operation_id="connect_mailbox")
def create(request: HttpRequest, wishes: ConnectionWishes) -> Any:
    """Begin to connect a mailbox. Nothing is saved until its person has signed in."""
    url = begin(
        me(request),
        draft_of_wishes(wishes, Whose(wishes.whose)),
        provider=wishes.sign_in,
        redirect_uri=redirect_uri(wishes.sign_in),
        at=clock.now(),
        mailbox=_named(request, wishes),
    )
    return Status(202, {"url": url})


@router.post("/app-connections", response={201: MailboxShape}, operation_id="connect_application")
def create_alone(request: HttpRequest, wishes: ConnectionWishes) -> Any:
    """Connect a Company Email for which the application acts by itself, without a person."""
    saved = connect_app(
        me(request),
        draft_of_wishes(wishes, Whose(wishes.whose)),
        provider=wishes.sign_in,
        at=clock.now(),
        mailbox=_named(request, wishes),
    )
    return Status(201, mailbox_shapes([saved])[0])


@router.delete(
    "/{uuid:mailbox_id}/connection", response={204: None}, operation_id="disconnect_mailbox"
)
def delete(request: HttpRequest, mailbox_id: UUID) -> HttpResponse:
    """Disconnect a mailbox: its consent is given back where the provider has a way to."""
    mailbox = get_object_or_404(visible(request), pk=mailbox_id)
    require_change(me(request), mailbox)
    disconnect(me(request), mailbox, at=clock.now())
    return HttpResponse(status=204)


def _named(request: HttpRequest, wishes: ConnectionWishes) -> Mailbox | None:
    if wishes.mailbox_id is None:
        return None
    found: Mailbox = get_object_or_404(visible(request), pk=wishes.mailbox_id)
    return found
