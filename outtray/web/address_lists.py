"""Several addresses in one field, with commas between them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError

from outtray.compose.rules.recipients import Addressee
from outtray.mail.address import Address, AddressError, NamedAddress

_NAMED = re.compile(r'"?(?P<name>[^"<>]*?)"?\s*<(?P<address>[^<>]*)>')
# A comma within quotes belongs to a name.
_BETWEEN = re.compile(r'[,;\n](?=(?:[^"]*"[^"]*")*[^"]*$)')


class AddressListField(forms.CharField):
    """Addresses as NamedAddress; what is none is told at the field."""

    def clean(self, value: object) -> list[NamedAddress]:
        text: str = super().clean(value)
        parts = [part.strip() for part in _BETWEEN.split(text)]
        return [_read(part) for part in parts if part]


def listed(everybody: Iterable[Addressee], kind: str) -> str:
    """The addresses of one kind as the field shows them."""
    return ", ".join(_written(each.address) for each in everybody if each.kind == kind)


def _read(part: str) -> NamedAddress:
    found = _NAMED.fullmatch(part)
    name, address = (found["name"].strip(), found["address"]) if found else ("", part)
    try:
        return NamedAddress(name, Address.parse(address))
    except AddressError as wrong:
        sentence = str(wrong)
        raise ValidationError(f"{sentence[0].upper()}{sentence[1:]}.") from wrong


def _written(named: NamedAddress) -> str:
    if not named.name:
        return str(named.address)
    name = f'"{named.name}"' if re.search(r"[,;]", named.name) else named.name
    return f"{name} <{named.address}>"
