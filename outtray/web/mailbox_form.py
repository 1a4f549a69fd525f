"""The form of a mailbox: what every mailbox has, and the fields that its service declares."""

from __future__ import annotations

from typing import Any

from django import forms

from outtray.lib.sealing import Secret
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.models import Mailbox, ServiceType, Whose
from outtray.mailboxes.presets import Preset, preset_for, preset_of
from outtray.mailboxes.services import SERVICES, Service
from outtray.transports.base import Field, FieldKind


class MailboxForm(forms.Form):
    """A mailbox as its person types it. An empty password keeps the one that is stored."""

    address = forms.CharField(
        label="Email Address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    display_name = forms.CharField(label="Display Name", max_length=200, required=False)
    reply_to = forms.CharField(label="Reply to", max_length=254, required=False)
    service_type = forms.ChoiceField(
        label="Email Service Type",
        choices=[(service.type, service.label) for service in SERVICES.values()],
        initial=ServiceType.WEB_MAIL,
    )

    def __init__(
        self, *args: Any, whose: Whose, mailbox: Mailbox | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", _initial(mailbox) if mailbox else None)
        super().__init__(*args, **kwargs)
        self.whose = whose
        self.mailbox = mailbox
        self.service: Service = SERVICES[self._service_type()]
        for field in self.service.fields:
            self.fields[field.name] = _form_field(field, is_stored=mailbox is not None)
        if whose == Whose.COMPANY:
            self.fields["name"] = forms.CharField(label="Name", max_length=100)

    @property
    def routes(self) -> list[forms.BoundField]:
        """The fields of the service that a preset fills in."""
        return [self[field.name] for field in self._settings_fields() if not field.group]

    @property
    def groups(self) -> dict[str, list[forms.BoundField]]:
        """Those that can be left out together, by the name of their group."""
        groups: dict[str, list[forms.BoundField]] = {}
        for field in self._settings_fields():
            if field.group:
                groups.setdefault(field.group, []).append(self[field.name])
        return groups

    @property
    def secrets(self) -> list[forms.BoundField]:
        return [self[field.name] for field in self.service.fields if _is_secret(field)]

    @property
    def preset(self) -> Preset | None:
        """The provider of what is in the form now."""
        address, host = (str(self[name].value() or "") for name in ("address", "host"))
        return preset_of(address, host) if host else preset_for(address)

    def draft(self) -> MailboxDraft:
        """What was typed, for a verb to check."""
        typed = self.cleaned_data
        secret = next((typed[field.name] for field in self.secrets), "")
        return MailboxDraft(
            whose=self.whose,
            address=typed["address"],
            settings={field.name: typed[field.name] for field in self._said()},
            secret=Secret(secret) if secret else None,
            name=typed.get("name", ""),
            display_name=typed["display_name"],
            reply_to=typed["reply_to"],
            service_type=typed["service_type"],
            transport=self.service.transport,
        )

    def _said(self) -> list[Field]:
        """What counts as typed. In a new mailbox a group without its server is not a no: what
        the preset knows of it is taken."""
        unsaid = {
            field.group
            for field in self._settings_fields()
            if field.group and field.kind == FieldKind.HOST and not self.cleaned_data[field.name]
        }
        return [
            field for field in self._settings_fields() if self.mailbox or field.group not in unsaid
        ]

    def _settings_fields(self) -> list[Field]:
        return [field for field in self.service.fields if not _is_secret(field)]

    def _service_type(self) -> str:
        asked = self.data.get("service_type") or self.initial.get("service_type")
        return str(asked) if asked in SERVICES else ServiceType.WEB_MAIL


def filled_from(preset: Preset, address: str) -> dict[str, object]:
    """What a provider's preset puts into the form for an address."""
    return {
        "address": address,
        "host": preset.host,
        "port": preset.port,
        "security": preset.security,
        "username": preset.username_for(address),
        **preset.sent_folder,
    }


def _initial(mailbox: Mailbox) -> dict[str, object]:
    names = ("name", "address", "display_name", "reply_to", "service_type")
    return {**mailbox.settings, **{name: getattr(mailbox, name) for name in names}}


def _is_secret(field: Field) -> bool:
    return field.kind == FieldKind.SECRET


def _form_field(field: Field, *, is_stored: bool) -> forms.Field:
    common: dict[str, Any] = {
        "label": field.label,
        "help_text": field.help,
        "required": field.is_required,
    }
    if field.kind == FieldKind.SECRET:
        return _secret_field(common, is_stored=is_stored)
    if field.kind == FieldKind.CHOICE:
        return forms.ChoiceField(choices=field.choices, **common)
    if field.kind == FieldKind.PORT:
        digits = {"inputmode": "numeric", "autocomplete": "off"}
        return forms.CharField(max_length=5, widget=forms.TextInput(attrs=digits), **common)
    plain = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(max_length=320, widget=forms.TextInput(attrs=plain), **common)


def _secret_field(common: dict[str, Any], *, is_stored: bool) -> forms.Field:
    attrs = {"autocomplete": "new-password", "spellcheck": "false"}
    if is_stored:
        attrs["placeholder"] = "••••••••••••"
        common["help_text"] = "A password is stored. Leave this empty to keep it."
    # Blanks belong to some passwords; the verb knows which ones to take away.
    return forms.CharField(
        max_length=1000, strip=False, widget=forms.PasswordInput(attrs=attrs), **common
    )
