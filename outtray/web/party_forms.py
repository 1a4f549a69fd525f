"""The forms of a party's page, each for a part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from outtray.documents.kinds.registry import KINDS
from outtray.documents.languages import LANGUAGES
from outtray.documents.models import Party
from outtray.documents.party_fields import MOST_CONTACTS, kinds_for
from outtray.documents.party_history import LABELS
from outtray.documents.schema.parties import Address as PostalAddress
from outtray.mail.address import Address, AddressError

LANGUAGE_CHOICES = {"": "As the document", **LANGUAGES}
SLOTS = (
    "main_email",
    "cc_email",
    "billing_email",
    "shipment_email",
    "bill_to_email",
    "ship_to_email",
)
PLACES = ("address", "bill_to_address", "ship_to_address")
_PARTS = {
    "street": ("Street and number", 200, 12),
    "extra": ("More", 200, 12),
    "postcode": ("Postcode", 50, 4),
    "city": ("City", 200, 8),
    "region": ("State or region", 200, 8),
    "country": ("Country", 2, 4),
}


class AddressField(forms.CharField):
    """One email address, or none. Says at the field what is wrong with it."""

    def __init__(self, **how: Any) -> None:
        super().__init__(max_length=254, **how)

    def clean(self, value: object) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return str(Address.parse(text))
        except AddressError as wrong:
            sentence = str(wrong)
            raise ValidationError(f"{sentence[0].upper()}{sentence[1:]}.") from wrong


class NumberForm(forms.Form):
    """What tells a new party from others of its side of the business."""

    says_optional = False
    number = forms.CharField(label="Number", max_length=50)

    @property
    def changes(self) -> Mapping[str, object]:
        return self.cleaned_data


class SlotsForm(forms.Form):
    """Where a party's mail goes."""

    says_optional = False
    main_email = AddressField(label=LABELS["main_email"], required=False)
    cc_email = AddressField(label=LABELS["cc_email"], required=False)
    billing_email = AddressField(label=LABELS["billing_email"], required=False)
    shipment_email = AddressField(label=LABELS["shipment_email"], required=False)
    bill_to_email = AddressField(label=LABELS["bill_to_email"], required=False)
    ship_to_email = AddressField(label=LABELS["ship_to_email"], required=False)

    @property
    def changes(self) -> Mapping[str, object]:
        return self.cleaned_data


@dataclass(frozen=True, slots=True)
class Place:
    """A postal address: its fields with their widths."""

    label: str
    fields: list[tuple[forms.BoundField, int]]

    @property
    def shown(self) -> str:
        """In one line, while it is folded away."""
        return ", ".join(str(field.value()) for field, _ in self.fields if field.value())

    @property
    def is_wrong(self) -> bool:
        return any(field.errors for field, _ in self.fields)


class DetailsForm(forms.Form):
    """What a party is called, its language, and where its post goes."""

    says_optional = False
    name = forms.CharField(label="Name", max_length=200)
    language = forms.ChoiceField(
        label="Language", required=False, choices=list(LANGUAGE_CHOICES.items())
    )
    vat_id = forms.CharField(label="VAT number", max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in PLACES:
            for part, (label, length, _) in _PARTS.items():
                self.fields[f"{place}-{part}"] = forms.CharField(
                    label=label, max_length=length, required=False
                )

    @property
    def places(self) -> list[Place]:
        return [
            Place(
                LABELS[place],
                [(self[f"{place}-{part}"], width) for part, (_, _, width) in _PARTS.items()],
            )
            for place in PLACES
        ]

    @property
    def changes(self) -> Mapping[str, object]:
        given = self.cleaned_data
        return {
            **{name: given[name] for name in ("name", "language", "vat_id")},
            **{
                place: {
                    part: given[f"{place}-{part}"].upper()
                    if part == "country"
                    else given[f"{place}-{part}"]
                    for part in _PARTS
                }
                for place in PLACES
            },
        }


class NoticesForm(forms.Form):
    """Which kinds of document a party wants by email."""

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds_for(role)
        for kind in self.kinds:
            self.fields[kind] = forms.BooleanField(label=KINDS[kind].plural("en"), required=False)

    @property
    def changes(self) -> Mapping[str, object]:
        return {"excluded": [kind for kind in self.kinds if not self.cleaned_data[kind]]}


class ContactForm(forms.Form):
    """A person at the party. An empty one is none."""

    says_optional = False
    name = forms.CharField(label="Name", max_length=200, required=False)
    email = AddressField(label="Email", required=False)
    role = forms.CharField(label="Role", max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if any(given.values()) and not self.errors:
            for name, what in (("name", "a name"), ("email", "an address")):
                if not given.get(name):
                    self.add_error(name, f"The contact needs {what}.")
        return given


class ContactsForm:
    """All contacts, and an empty one to add another."""

    fields: Mapping[str, forms.Field] = {}

    def __init__(self, given: QueryDict | None, party: Party) -> None:
        self.rows = _rows_given(given) if given is not None else _rows_of(party)

    def is_valid(self) -> bool:
        right = [row.is_valid() for row in self.rows]  # each says what is wrong with it
        return all(right)

    def add_error(self, field: str | None, sentence: str) -> None:
        """Say it above the first contact."""
        self.rows[0].add_error(field, sentence)

    @property
    def changes(self) -> Mapping[str, object]:
        return {
            "contacts": [row.cleaned_data for row in self.rows if any(row.cleaned_data.values())]
        }


def _rows_of(party: Party) -> Sequence[ContactForm]:
    known = [
        {"name": each.name, "email": each.email, "role": each.role}
        for each in party.contacts.order_by("name", "id")
    ]
    return [
        ContactForm(initial=each, prefix=str(number)) for number, each in enumerate([*known, {}])
    ]


def _rows_given(given: QueryDict) -> Sequence[ContactForm]:
    """As many as the page had, without the one whose Remove was pressed."""
    count = sum(f"{number}-email" in given for number in range(MOST_CONTACTS + 1))
    kept = [number for number in range(count) if given.get("remove") != str(number)]
    return [ContactForm(given, prefix=str(number)) for number in kept]


def initial_details(party: Party) -> dict[str, object]:
    """What the details form shows at first."""
    shown: dict[str, object] = {
        name: getattr(party, name) for name in ("name", "language", "vat_id")
    }
    for place in PLACES:
        known = getattr(party, place)
        shown |= {f"{place}-{part}": known.get(part, "") for part in PostalAddress.model_fields}
    return shown
