"""What a person has typed about a mailbox, and the same checked and cleaned."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.mail.address import Address, AddressError, has_control_character
from outtray.mailboxes.models import Mailbox, ServiceType, Whose
from outtray.mailboxes.presets import Preset, preset_of
from outtray.mailboxes.routes import Settings, opener_of, secret_of
from outtray.mailboxes.services import Way, way_of
from outtray.transports.base import FieldKind
from outtray.transports.registry import TRANSPORTS

_NAMES_A_SERVER = frozenset({FieldKind.HOST, FieldKind.URI})
# An app password as Google shows it, in four groups; the blanks are not part of it.
_GROUPED = re.compile(r"[a-z]{4}( [a-z]{4}){3}")


@dataclass(frozen=True, slots=True)
class MailboxDraft:
    """A mailbox as typed. A secret of None means: keep the one that is stored.

    `sign_in` names the provider at which its person signs in, instead of typing a password.
    """

    whose: str
    address: str
    settings: Mapping[str, object]
    secret: Secret | None = field(default=None, repr=False)
    name: str = ""
    display_name: str = ""
    reply_to: str = ""
    service_type: str = ServiceType.WEB_MAIL
    transport: str = "smtp"
    sign_in: str = ""
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft that can be saved or probed: addresses parsed, settings cleaned, secret known."""

    draft: MailboxDraft
    settings: Settings
    secret: Secret
    provider: str


def checked(draft: MailboxDraft, *, stored: Mailbox | None) -> CheckedDraft:
    """Check everything a person typed. Refuses with the field that is wrong.

    A stored password goes to the server it was given for, to no other: a change of the
    server wants it typed again, or whoever may edit could have it sent to a server of his.
    Likewise what a sign-in has granted is kept for just that address and way.
    """
    way = way_of(draft.service_type, draft.transport, draft.sign_in)
    address = _address(draft.address, field="address")
    transport = TRANSPORTS[draft.transport]
    settings = transport.check(way.completed(draft.settings, address))
    preset = way.preset(address) or preset_of(address, str(settings.get("host", "")))
    if not way.sign_in:
        settings = transport.check(_with_sent_folder(draft, settings, preset, stored))
    reply_to = _address(draft.reply_to, field="reply_to") if draft.reply_to.strip() else ""
    clean = replace(
        draft,
        address=address,
        name=_line(draft.name, field="name") or address,
        display_name=_line(draft.display_name, field="display_name"),
        reply_to=reply_to,
    )
    return CheckedDraft(
        draft=clean,
        settings=settings,
        secret=_granted(clean, way, stored) if way.sign_in else _secret(clean, settings, stored),
        provider=preset.id if preset else "",
    )


def draft_of(mailbox: Mailbox) -> MailboxDraft:
    """A saved mailbox as a draft that keeps its secret."""
    return MailboxDraft(
        whose=Whose(mailbox.whose),
        address=mailbox.address,
        settings=mailbox.settings,
        name=mailbox.name,
        display_name=mailbox.display_name,
        reply_to=mailbox.reply_to,
        service_type=mailbox.service_type,
        transport=mailbox.transport,
        sign_in=mailbox.sign_in,
        is_default=mailbox.is_default,
    )


def _with_sent_folder(
    draft: MailboxDraft, settings: Settings, preset: Preset | None, stored: Mailbox | None
) -> Settings:
    """What the provider's preset knows of the Sent folder, where nothing was said of it.

    The stored password is not sent to a server that a person has neither seen nor named.
    """
    known = preset.sent_folder if preset else {}
    declared = {field.name for field in TRANSPORTS[draft.transport].fields}
    if not known or not declared.issuperset(known) or not draft.settings.keys().isdisjoint(known):
        return settings
    is_typed = draft.secret is not None and bool(draft.secret.value)
    is_known = stored is not None and stored.settings.get("imap_host") == known["imap_host"]
    return {**settings, **known} if stored is None or is_typed or is_known else settings


def _address(text: str, *, field: str) -> str:
    try:
        return str(Address.parse(text))
    except AddressError as wrong:
        raise Refused("bad_address", f"{wrong}.".capitalize(), field=field) from wrong


def _line(text: str, *, field: str) -> str:
    text = text.strip()
    if has_control_character(text):
        raise Refused("bad_text", "A name must be one line without control signs.", field=field)
    return text


def _secret(draft: MailboxDraft, settings: Settings, stored: Mailbox | None) -> Secret:
    if draft.secret is not None and draft.secret.value:
        return _tidied(draft.secret)
    if stored is None or stored.sign_in:
        return _without_login(settings)
    trusted = _servers(stored.transport, stored.settings)
    if not trusted.issuperset(_servers(draft.transport, settings)):
        raise Refused(
            "password_needed_again",
            "The server has changed, so the password must be entered again.",
            field="password",
        )
    return secret_of(stored)


def _granted(draft: MailboxDraft, way: Way, stored: Mailbox | None) -> Secret:
    """What the provider granted when its person signed in: for this address and way only."""
    if draft.secret is not None:
        return draft.secret
    now = (draft.address, draft.transport, draft.sign_in)
    if stored is None or now != (stored.address, stored.transport, stored.sign_in):
        raise Refused(
            "connect_first",
            f"Press Connect and sign in at {way.provider_name}.",
            field="sign_in",
        )
    return opener_of(stored)


def _without_login(settings: Settings) -> Secret:
    if settings.get("username"):
        raise Refused("password_missing", "Enter the password of this mailbox.", field="password")
    return Secret("")


def _servers(transport: str, settings: Mapping[str, object]) -> frozenset[tuple[str, object]]:
    """Where the secret would go, and by which transport."""
    fields = [field for field in TRANSPORTS[transport].fields if field.kind in _NAMES_A_SERVER]
    servers = [settings.get(field.name) for field in fields]
    return frozenset((transport, server) for server in servers if server)


def _tidied(secret: Secret) -> Secret:
    value = secret.value.strip("\r\n")
    return Secret(value.replace(" ", "") if _GROUPED.fullmatch(value.strip()) else value)
