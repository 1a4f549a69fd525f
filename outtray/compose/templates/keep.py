"""Make a template, change what goes with it, and put it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, models, transaction

from outtray.compose.facts import one_line
from outtray.compose.models import DocumentDefault, PartyDefault
from outtray.compose.templates.models import Level, Template
from outtray.compose.templates.shipped import purpose_name, purposes
from outtray.documents.layouts import Layout
from outtray.lib.errors import Refused
from outtray.mail.address import Address, AddressError
from outtray.mailboxes.models import Mailbox, Whose
from outtray.people.models import Membership

_MOST_NAME = 100


@dataclass(frozen=True, slots=True)
class TemplateWish:
    """What can be changed of a template besides its texts and files. Nothing of it is checked."""

    name: str
    cc_email: str = ""
    send_from: UUID | None = None
    layout: UUID | None = None
    is_default: bool = False


def make_template(
    membership: Membership, *, level: str, purpose: str, wish: TemplateWish, at: datetime
) -> Template:
    """Make a template, which has no text yet. Application ones only administrators make."""
    if level not in Level.values:
        raise Refused("unknown_level", f"There is no level {level!r}.", field="level")
    if purpose not in purposes():
        raise Refused("unknown_purpose", f"There is no purpose {purpose!r}.", field="purpose")
    template = Template(
        company_id=membership.company_id,
        level=level,
        owner=membership.person if level == Level.USER else None,
        purpose=purpose,
        created_at=at,
    )
    require_writer(membership, template)
    return _save(membership, template, wish)


def change_template(membership: Membership, template: Template, wish: TemplateWish) -> Template:
    """Change its name, copy, sender, or whether it is taken where nothing else is settled."""
    require_writer(membership, template)
    return _save(membership, template, wish)


def delete_template(membership: Membership, template: Template, *, at: datetime) -> None:
    """Put a template away. Its versions stay, since emails name them.

    What was settled to use it goes on with what comes next in the order.
    """
    require_writer(membership, template)
    with transaction.atomic():
        DocumentDefault.objects.filter(template=template).update(template=None)
        PartyDefault.objects.filter(template=template).update(template=None)
        template.archived_at, template.is_default, template.send_from = at, False, None
        template.save(update_fields=["archived_at", "is_default", "send_from"])


def require_writer(membership: Membership, template: Template) -> None:
    """Refuse who may not change it: a User template is its maker's, others administrators'."""
    assert template.company_id == membership.company_id, "found by what is visible"
    if template.level == Level.USER:
        allowed = template.owner_id == membership.person_id
    else:
        allowed = membership.is_administrator
    if not allowed:
        raise Refused(
            "not_allowed", "Only an administrator may make, change or delete this template."
        )


def may_write(membership: Membership, template: Template) -> bool:
    """Whether this person may change it."""
    try:
        require_writer(membership, template)
    except Refused:
        return False
    return True


def _save(membership: Membership, template: Template, wish: TemplateWish) -> Template:
    template.name = _name(wish.name)
    template.cc_email = _address(wish.cc_email)
    template.send_from = _sender(membership, wish.send_from)
    template.layout = _layout(membership, wish.layout)
    template.is_default = wish.is_default
    try:
        with transaction.atomic():
            if wish.is_default:
                _siblings(template).update(is_default=False)
            template.save()
    except IntegrityError as taken:
        raise Refused(
            "name_taken",
            f"There is a template “{template.name}” for {purpose_name(template.purpose)} already.",
            field="name",
        ) from taken
    return template


def _siblings(template: Template) -> models.QuerySet[Template]:
    same = Template.objects.filter(
        company_id=template.company_id,
        level=template.level,
        owner_id=template.owner_id,
        purpose=template.purpose,
    )
    return same.exclude(pk=template.pk)


def _name(given: str) -> str:
    name = one_line(given)
    if not name:
        raise Refused("no_name", "The template needs a name.", field="name")
    if len(name) > _MOST_NAME:
        raise Refused("bad_text", f"A name has {_MOST_NAME} characters at most.", field="name")
    return name


def _address(text: str) -> str:
    try:
        return str(Address.parse(text)) if text.strip() else ""
    except AddressError as wrong:
        raise Refused("bad_address", f"{wrong}.".capitalize(), field="cc_email") from wrong


def _layout(membership: Membership, wanted: UUID | None) -> Layout | None:
    if wanted is None:
        return None
    layout = Layout.objects.visible_to(membership).filter(pk=wanted).first()
    if layout is None:
        raise Refused("no_such_layout", "There is no such layout.", field="layout")
    return layout


def _sender(membership: Membership, wanted: UUID | None) -> Mailbox | None:
    if wanted is None:
        return None
    company_emails = Mailbox.objects.filter(company_id=membership.company_id, whose=Whose.COMPANY)
    mailbox = company_emails.filter(pk=wanted).first()
    if mailbox is None:
        raise Refused("no_such_mailbox", "There is no such Company Email.", field="send_from")
    return mailbox
