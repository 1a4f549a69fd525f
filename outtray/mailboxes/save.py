"""Save a User Email or a Company Email, with its password sealed.

What sends differently afterwards (server, login, address, password) makes a mailbox
unvalidated; a new name or another address to reply to does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q, RestrictedError

from outtray.lib.errors import Refused
from outtray.mailboxes import history
from outtray.mailboxes.drafts import CheckedDraft, MailboxDraft, checked
from outtray.mailboxes.health import UNPAUSED
from outtray.mailboxes.history import Code
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Credential, Grant, Health, Mailbox, MailboxQuerySet, Whose
from outtray.mailboxes.pace import pace_of
from outtray.mailboxes.presets import PRESETS
from outtray.mailboxes.routes import fingerprint
from outtray.people.models import Membership, Person
from outtray.transports.registry import TRANSPORTS

_PACE = ("messages_per_minute", "messages_per_day", "recipients_per_day", "connections")


def save_user_email(membership: Membership, draft: MailboxDraft, *, at: datetime) -> Mailbox:
    """Save the person's own User Email: there is one, and this makes or changes it."""
    mine = Mailbox.objects.filter(
        company_id=membership.company_id, whose=Whose.USER, owner_id=membership.person_id
    )
    with transaction.atomic():
        stored = mine.select_for_update().first()
        return _save(membership, checked(draft, stored=stored), stored, whose=Whose.USER, at=at)


def save_company_email(
    membership: Membership, draft: MailboxDraft, *, mailbox: Mailbox | None = None, at: datetime
) -> Mailbox:
    """Save a Company Email, a new one or this one. The first becomes the default."""
    _require_administrator(membership)
    with transaction.atomic():
        stored = _company_email(membership, mailbox) if mailbox else None
        checked_draft = checked(draft, stored=stored)
        _require_free_name(membership, checked_draft.draft.name, stored)
        saved = _save(membership, checked_draft, stored, whose=Whose.COMPANY, at=at)
        if draft.is_default or not _company_emails(membership).filter(is_default=True).exists():
            _set_default(membership, saved)
    return saved


def delete_company_email(membership: Membership, mailbox: Mailbox, *, at: datetime) -> None:
    """Delete a Company Email that has never sent. The oldest other one becomes the default."""
    _require_administrator(membership)
    with transaction.atomic():
        stored = _company_email(membership, mailbox)
        try:
            stored.delete()
        except (ProtectedError, RestrictedError) as used:
            raise Refused(
                "mailbox_in_use",
                "This mailbox is the sender of emails in the Email Queue, or the Send From Email "
                "of documents, templates or parties. It can be changed, but not deleted.",
            ) from used
        heir = _company_emails(membership).order_by("-is_default", "created_at").first()
        if heir and not heir.is_default:
            _set_default(membership, heir)
            Mailbox.objects.filter(pk=heir.pk).update(changed_at=at)


def make_default(membership: Membership, mailbox: Mailbox, *, at: datetime) -> Mailbox:
    """Make this Company Email the one that sends where no other is named."""
    _require_administrator(membership)
    with transaction.atomic():
        stored = _company_email(membership, mailbox)
        _set_default(membership, stored)
        Mailbox.objects.filter(pk=stored.pk).update(changed_at=at)
    return stored


def _save(
    membership: Membership,
    checked_draft: CheckedDraft,
    stored: Mailbox | None,
    *,
    whose: Whose,
    at: datetime,
) -> Mailbox:
    mailbox = stored or Mailbox(
        company_id=membership.company_id,
        whose=whose,
        owner_id=membership.person_id if whose == Whose.USER else None,
        created_at=at,
    )
    before = {name: getattr(mailbox, name) for name in (*_PACE, *_columns(checked_draft), "health")}
    _set_pace(mailbox, checked_draft)
    for name, value in _columns(checked_draft).items():
        setattr(mailbox, name, value)
    _judge_health(mailbox, checked_draft)
    mailbox.changed_at = at
    mailbox.save()
    if not mailbox.sign_in:
        Grant.objects.filter(mailbox=mailbox).delete()
    _seal(mailbox, checked_draft, at=at)
    if stored:
        _record(stored, before, checked_draft, by=membership.person, at=at)
    return mailbox


def _record(
    mailbox: Mailbox,
    before: Mapping[str, object],
    checked_draft: CheckedDraft,
    *,
    by: Person,
    at: datetime,
) -> None:
    """What a person has changed, by the names of the fields; a password by its name alone."""
    changed = [name for name, value in before.items() if getattr(mailbox, name) != value]
    what = [name for name in changed if name in _columns(checked_draft)]
    if checked_draft.draft.secret is not None and not mailbox.sign_in:
        what.append("password")
    if what:
        history.record(mailbox.pk, Code.CHANGED, at=at, by=by, detail={"what": what})
    if any(name in _PACE for name in changed):
        pace = {
            "before": {name: before[name] for name in _PACE},
            "after": {name: getattr(mailbox, name) for name in _PACE},
        }
        history.record(mailbox.pk, Code.PACE_CHANGED, at=at, by=by, detail=pace)
    if "health" in changed:
        history.record(mailbox.pk, Code.UNVALIDATED, at=at, by=by)


def _columns(checked_draft: CheckedDraft) -> dict[str, Any]:
    draft = checked_draft.draft
    return {
        "name": draft.name,
        "address": draft.address,
        "display_name": draft.display_name,
        "reply_to": draft.reply_to,
        "service_type": draft.service_type,
        "transport": draft.transport,
        "sign_in": draft.sign_in,
        "settings": dict(checked_draft.settings),
        "provider": checked_draft.provider,
    }


def _set_pace(mailbox: Mailbox, checked_draft: CheckedDraft) -> None:
    """Another provider or transport brings its own pace; the same leaves what was set by hand."""
    transport, provider = checked_draft.draft.transport, checked_draft.provider
    is_same = (mailbox.transport, mailbox.provider) == (transport, provider)
    if is_same and not mailbox._state.adding:
        return
    pace = pace_of(PRESETS.get(provider), TRANSPORTS[transport].pace)
    mailbox.messages_per_minute = pace.messages_per_minute
    mailbox.messages_per_day = pace.messages_per_day
    mailbox.recipients_per_day = pace.recipients_per_day
    mailbox.connections = pace.connections


def _judge_health(mailbox: Mailbox, checked_draft: CheckedDraft) -> None:
    """What was validated stays so only for just the same settings."""
    now = fingerprint(mailbox.transport, mailbox.address, mailbox.settings, checked_draft.secret)
    if mailbox.validated_settings == now:
        return
    mailbox.health = Health.UNVALIDATED
    mailbox.validated_at = None
    mailbox.validated_settings = ""
    for name, value in UNPAUSED.items():
        setattr(mailbox, name, value)


def _seal(mailbox: Mailbox, checked_draft: CheckedDraft, *, at: datetime) -> None:
    if mailbox.sign_in and checked_draft.draft.secret is None:
        return  # what the consent gave is renewed by itself, perhaps just now
    keys = ring()
    sealed = keys.seal(checked_draft.secret, context=mailbox.sealing_context)
    Credential.objects.update_or_create(
        mailbox=mailbox,
        defaults={"sealed": sealed, "key_id": keys.current, "changed_at": at},
    )


def _company_emails(membership: Membership) -> MailboxQuerySet:
    return Mailbox.objects.filter(company_id=membership.company_id, whose=Whose.COMPANY)


def _company_email(membership: Membership, mailbox: Mailbox) -> Mailbox:
    stored = _company_emails(membership).select_for_update().filter(pk=mailbox.pk).first()
    if stored is None:
        raise Refused("no_such_mailbox", "There is no such Company Email.")
    return stored


def _require_administrator(membership: Membership) -> None:
    if not membership.is_administrator:
        raise Refused("not_allowed", "Only an administrator may set up a Company Email.")


def _require_free_name(membership: Membership, name: str, stored: Mailbox | None) -> None:
    others = _company_emails(membership).filter(~Q(pk=stored.pk) if stored else Q())
    if others.filter(name=name).exists():
        raise Refused(
            "name_taken", f"There is already a Company Email named {name!r}.", field="name"
        )


def _set_default(membership: Membership, mailbox: Mailbox) -> None:
    _company_emails(membership).filter(is_default=True).exclude(pk=mailbox.pk).update(
        is_default=False
    )
    _company_emails(membership).filter(pk=mailbox.pk).update(is_default=True)
    mailbox.is_default = True
