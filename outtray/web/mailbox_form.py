"""The form of a mailbox: what every mailbox has, and the fields that its service declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.urls import reverse_lazy

from outtray.lib.sealing import Secret
from outtray.mailboxes.better_way import BetterWay, better_way
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.models import Mailbox, ServiceType, SignIn, Whose
from outtray.mailboxes.presets import Preset, preset_for, preset_of
from outtray.mailboxes.services import API, SERVICES, SMTP, Service, Way
from outtray.transports.base import Field, FieldKind
from outtray.web.password_steps import password_steps

WAY_NAMES: Mapping[str, str] = {
    API: "The provider’s own interface: Gmail API, Microsoft Graph (recommended)",
    SMTP: "SMTP, with the same sign-in",
}


class MailboxForm(forms.Form):
    """A mailbox as its person types it. An empty password keeps the one that is stored.

    Which fields it has follows from the service, and there from provider and way. `trouble` is
    why nothing was connected, where a person comes back from a provider's pages without.
    """

    trouble: dict[str, Any] | None = None

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
        stored = _initial(mailbox) if mailbox else {}
        kwargs["initial"] = stored | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.whose = whose
        self.mailbox = mailbox
        self.service: Service = SERVICES[self._chosen("service_type", SERVICES)]
        if self.service.signs_in:
            self._add_sign_in()
        self.ways = self.service.ways_of(*self._provider_and_way())
        for field in _declared(self.ways):
            self.fields[field.name] = _form_field(field, self.service, is_stored=self._has_secret)
        if whose == Whose.COMPANY:
            self.fields["name"] = forms.CharField(label="Name", max_length=100)

    @property
    def cards(self) -> list[Service]:
        """The Email Service Types to choose from."""
        return list(SERVICES.values())

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
        return [self[field.name] for field in _declared(self.ways) if _is_secret(field)]

    @property
    def preset(self) -> Preset | None:
        """The provider of what is in the form now."""
        address, host = self._text("address"), self._text("host")
        return preset_of(address, host) if host else preset_for(address)

    @property
    def better_way(self) -> BetterWay | None:
        """Where the provider has ended, or is ending, what is in the form now."""
        typed = {field.name: self._text(field.name) for field in self._settings_fields()}
        return better_way(self.service.type, typed)

    @property
    def password_steps(self) -> tuple[str, ...]:
        """How to get the password, where the provider has pages for that."""
        return password_steps(self.preset) if self.preset else ()

    @property
    def chosen_way(self) -> str:
        """By which of the ways of its provider it sends."""
        return self._provider_and_way()[1]

    @property
    def is_advanced(self) -> bool:
        """Whether something is set that most never need."""
        is_other = self.chosen_way != self.service.names[0]
        return is_other or any(field.errors or field.value() for field in self.routes)

    def clean(self) -> dict[str, Any]:
        """Where one signs in, a provider must have been chosen by its Connect button."""
        if self.service.signs_in and not self.cleaned_data.get("sign_in"):
            self.add_error("sign_in", "Press Connect at Google or Microsoft first.")
        return self.cleaned_data

    def draft(self) -> MailboxDraft:
        """What was typed, for a verb to check."""
        typed = self.cleaned_data
        way = self.ways[0]
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
            transport=way.transport,
            sign_in=way.sign_in,
        )

    @property
    def _has_secret(self) -> bool:
        """Whether an empty password keeps one: what a sign-in granted is none."""
        return self.mailbox is not None and not self.mailbox.sign_in

    def _add_sign_in(self) -> None:
        names = self.service.names
        self.fields["sign_in"] = forms.ChoiceField(
            label="Provider",
            choices=[("", ""), *SignIn.choices],
            required=False,
            widget=forms.HiddenInput,
        )
        self.fields["way"] = forms.ChoiceField(
            label="Sends by",
            choices=[(name, WAY_NAMES[name]) for name in names],
            initial=names[0],
            required=False,
            widget=forms.RadioSelect,
        )

    def _provider_and_way(self) -> tuple[str, str]:
        if not self.service.signs_in:
            return "", ""
        names = self.service.names
        return self._chosen("sign_in", SignIn.values), self._chosen("way", names) or names[0]

    def _chosen(self, name: str, among: Any) -> str:
        """What was chosen in this field, if it is one of those; else its initial value."""
        typed = self.data.get(name) or self.initial.get(name)
        if typed in among:
            return str(typed)
        return str(self.fields[name].initial or "") if name in self.fields else ""

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
        return [field for field in _declared(self.ways) if not _is_secret(field)]

    def _text(self, name: str) -> str:
        return str(self[name].value() or "").strip() if name in self.fields else ""


def _initial(mailbox: Mailbox) -> dict[str, object]:
    names = ("name", "address", "display_name", "reply_to", "service_type", "sign_in")
    stored = {name: getattr(mailbox, name) for name in names}
    return {**mailbox.settings, **stored, "way": _way_name(mailbox)}


def _way_name(mailbox: Mailbox) -> str:
    service = SERVICES.get(mailbox.service_type)
    ways = service.ways_of(mailbox.sign_in) if service else ()
    return next((way.name for way in ways if way.transport == mailbox.transport), "")


def _declared(ways: tuple[Way, ...]) -> list[Field]:
    """The fields of these ways, those of one name once; what is said of them if all say it."""
    fields: dict[str, Field] = {}
    for field in (field for way in ways for field in way.fields):
        known = fields.setdefault(field.name, field)
        if known.help != field.help:
            fields[field.name] = replace(known, help="")
    return list(fields.values())


def _is_secret(field: Field) -> bool:
    return field.kind == FieldKind.SECRET


def _form_field(field: Field, service: Service, *, is_stored: bool) -> forms.Field:
    common: dict[str, Any] = {
        "label": field.label,
        "help_text": field.help,
        "required": field.is_required and not service.signs_in,
    }
    if field.kind == FieldKind.SECRET:
        return _secret_field(common, is_stored=is_stored)
    if field.kind == FieldKind.CHOICE:
        empty = () if common["required"] or not service.signs_in else (("", "As usual there"),)
        return forms.ChoiceField(choices=(*empty, *field.choices), **common)
    if field.kind == FieldKind.PORT:
        digits = {"inputmode": "numeric", "autocomplete": "off"}
        return forms.CharField(max_length=5, widget=forms.TextInput(attrs=digits), **common)
    plain = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    if field.kind in {FieldKind.HOST, FieldKind.URI} and not field.group:
        plain |= _ASKS_FOR_BETTER
    return forms.CharField(max_length=320, widget=forms.TextInput(attrs=plain), **common)


_ASKS_FOR_BETTER: dict[str, Any] = {
    "hx-get": reverse_lazy("mailbox_better_way"),
    "hx-trigger": "change",
    "hx-target": "#better-way",
    "hx-include": "[name=service_type]:checked",
}


def _secret_field(common: dict[str, Any], *, is_stored: bool) -> forms.Field:
    attrs = {
        "autocomplete": "new-password",
        "spellcheck": "false",
        "hx-preserve": "true",
        "data-app-password": "",
    }
    if is_stored:
        attrs["placeholder"] = "••••••••••••"
        common["help_text"] = "A password is stored. Leave this empty to keep it."
        common["required"] = False
    # Blanks belong to some passwords; the verb knows which ones to take away.
    return forms.CharField(
        max_length=1000, strip=False, widget=forms.PasswordInput(attrs=attrs), **common
    )
