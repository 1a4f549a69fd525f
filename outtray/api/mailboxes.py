"""Mailboxes: User Email and Company Email. Passwords go in and never come out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field, SecretStr

from outtray.api.access import me
from outtray.api.explanations import ExplanationShape
from outtray.api.values import Page, PageQuery, Text, page
from outtray.diagnosis.kept import explain_pause
from outtray.diagnosis.probes import ready_if_probed
from outtray.lib import clock
from outtray.lib.sealing import Secret
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.models import Mailbox, ServiceType, Whose
from outtray.mailboxes.quota import quota_now
from outtray.mailboxes.rights import require_change
from outtray.mailboxes.save import delete_company_email, save_company_email, save_user_email
from outtray.mailboxes.services import SERVICES
from outtray.people.models import Membership

router = Router(tags=["Mailboxes"])

Setting = Annotated[Text, Field(max_length=320)] | int


class QuotaShape(Schema):
    """What is used of a mailbox's pace. Until `rest_until` its pace lets nothing leave.

    `slowed_to` is the pace, in messages a minute, that complaints of the server have taught.
    """

    messages_last_minute: int
    messages_last_day: int
    recipients_last_day: int
    rest_until: datetime | None
    slowed_to: int | None


class ConnectionShape(Schema):
    """What was granted at the provider, by whom and until when.

    `kind` is user, or app where the application acts by itself; `account` is who signed in.
    """

    provider: str
    kind: str
    account: str
    granted_at: datetime
    expires_at: datetime | None


class MailboxShape(Schema):
    """An address to send from: unvalidated, ready or paused; `explanation` says why paused."""

    id: UUID
    whose: str
    owner_email: str | None
    name: str
    is_default: bool
    address: str
    display_name: str
    reply_to: str
    service_type: str
    transport: str
    sign_in: str
    settings: dict[str, Any]
    has_password: bool
    connection: ConnectionShape | None
    health: str
    paused_until: datetime | None
    validated_at: datetime | None
    messages_per_minute: int | None
    messages_per_day: int | None
    recipients_per_day: int | None
    connections: int
    quota: QuotaShape
    explanation: ExplanationShape | None


class MailboxWishes(Schema):
    """A mailbox as it shall be. Without `password` the stored one is kept.

    Its `settings` are those of its transport: smtp has host, port, security, username and
    imap_host, imap_port, imap_security; ews has uri, domain and username; gmail and graph have
    send_as, where another address than the one that signs in shall send.
    """

    address: Text = Field(max_length=254)
    settings: dict[Annotated[Text, Field(max_length=30)], Setting] = Field(
        default_factory=dict,
        max_length=20,
        examples=[
            {
                "host": "smtp.example.com",
                "port": 587,
                "security": "starttls",
                "username": "ben@example.com",
            }
        ],
    )
    password: SecretStr | None = Field(None, max_length=1000)
    name: Text = Field("", max_length=100)
    display_name: Text = Field("", max_length=200)
    reply_to: Text = Field("", max_length=254)
    service_type: Literal["web_mail", "exchange", "email_services"] = "web_mail"
    transport: Literal["smtp", "ews", "gmail", "graph"] | None = Field(
        None, description="How it sends. Without it, as the service prefers."
    )
    sign_in: Literal["google", "microsoft"] | None = Field(
        None, description="With email_services: where its person signs in."
    )
    is_default: bool = False


class NewMailbox(MailboxWishes):
    """A User Email of the key's person (there is one; this replaces it), or a Company Email."""

    whose: Literal["user", "company"]


@router.get("", response=Page[MailboxShape], operation_id="list_mailboxes")
def index(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """List the mailboxes that this key's person may see."""
    return page(visible(request), query, mailbox_shapes)


@router.post("", response={201: MailboxShape}, operation_id="create_mailbox")
def create(request: HttpRequest, wishes: NewMailbox) -> Any:
    """Set up a mailbox. It sends after a probe of just these settings has passed."""
    draft = draft_of_wishes(wishes, Whose(wishes.whose))
    return Status(201, _saved(me(request), draft, None))


@router.get("/{uuid:mailbox_id}", response=MailboxShape, operation_id="read_mailbox")
def show(request: HttpRequest, mailbox_id: UUID) -> Any:
    """Read one mailbox."""
    return mailbox_shapes([get_object_or_404(visible(request), pk=mailbox_id)])[0]


@router.put("/{uuid:mailbox_id}", response=MailboxShape, operation_id="change_mailbox")
def change(request: HttpRequest, mailbox_id: UUID, wishes: MailboxWishes) -> Any:
    """Replace a mailbox's settings. Another server wants the password again."""
    mailbox = get_object_or_404(visible(request), pk=mailbox_id)
    require_change(me(request), mailbox)
    return _saved(me(request), draft_of_wishes(wishes, Whose(mailbox.whose)), mailbox)


@router.delete("/{uuid:mailbox_id}", response={204: None}, operation_id="delete_mailbox")
def delete(request: HttpRequest, mailbox_id: UUID) -> HttpResponse:
    """Delete a Company Email that has never sent."""
    mailbox = get_object_or_404(visible(request), pk=mailbox_id)
    delete_company_email(me(request), mailbox, at=clock.now())
    return HttpResponse(status=204)


def draft_of_wishes(wishes: MailboxWishes, whose: Whose) -> MailboxDraft:
    """The wishes as a draft, for verbs."""
    return MailboxDraft(
        whose=whose,
        address=wishes.address,
        settings=wishes.settings,
        secret=Secret(wishes.password.get_secret_value()) if wishes.password else None,
        name=wishes.name,
        display_name=wishes.display_name,
        reply_to=wishes.reply_to,
        service_type=ServiceType(wishes.service_type),
        transport=_transport(wishes),
        sign_in=wishes.sign_in or "",
        is_default=wishes.is_default,
    )


def _transport(wishes: MailboxWishes) -> str:
    """The one that was named, or the one that the service prefers."""
    service = SERVICES.get(wishes.service_type)
    ways = service.ways_of(wishes.sign_in or "") if service else ()
    return wishes.transport or (ways[0].transport if ways else "")


def visible(request: HttpRequest) -> Any:
    """The mailboxes that this key's person sees, with all that is told of them."""
    return Mailbox.objects.visible_to(me(request)).select_related(
        "owner", "credential", "quota", "grant"
    )


def _saved(membership: Membership, draft: MailboxDraft, mailbox: Mailbox | None) -> Any:
    now = clock.now()
    if draft.whose == Whose.USER:
        saved = save_user_email(membership, draft, at=now)
    else:
        saved = save_company_email(membership, draft, mailbox=mailbox, at=now)
    ready_if_probed(saved, at=now)
    return mailbox_shapes([saved])[0]


def mailbox_shapes(mailboxes: Sequence[Mailbox]) -> list[Any]:
    """Mailboxes as the API tells them. Owner, credential and quota should come with them."""
    at = clock.now()
    return [
        {
            **{name: getattr(mailbox, name) for name in _COLUMNS},
            "quota": _quota(mailbox, at=at),
            "owner_email": mailbox.owner.email if mailbox.owner else None,
            "has_password": hasattr(mailbox, "credential") and not mailbox.sign_in,
            "connection": mailbox.grant if hasattr(mailbox, "grant") else None,
            "explanation": told.to_json() if (told := explain_pause(mailbox)) else None,
        }
        for mailbox in mailboxes
    ]


def _quota(mailbox: Mailbox, *, at: datetime) -> dict[str, Any]:
    now = quota_now(mailbox, at=at)
    return {
        "messages_last_minute": now.used.messages_last_minute,
        "messages_last_day": now.used.messages_today,
        "recipients_last_day": now.used.recipients_today,
        "rest_until": now.rest_until,
        "slowed_to": now.slowed_to,
    }


_MADE = {"owner_email", "has_password", "connection", "explanation", "quota"}
_COLUMNS = tuple(name for name in MailboxShape.model_fields if name not in _MADE)
