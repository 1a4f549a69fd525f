"""Writes a postal address as the post of its country wants it."""

from __future__ import annotations

from outtray.documents.schema.parties import Address
from outtray.documents.writing import Writer

_CITY_REGION_CODE = frozenset({"US", "CA", "AU", "IN", "MX", "BR"})
_CODE_BELOW = frozenset({"GB", "IE"})


def address_lines(address: Address, *, home: str, writer: Writer) -> tuple[str, ...]:
    """Street, city and, for letters abroad, the country; without empty lines."""
    abroad = address.country and address.country != home
    lines = (
        address.extra,
        address.street,
        *_city(address),
        writer.country(address.country).upper() if abroad else "",
    )
    return tuple(line for line in lines if line)


def _city(address: Address) -> tuple[str, ...]:
    region, code = address.region, address.postcode
    if address.country in _CITY_REGION_CODE:
        place = ", ".join(part for part in (address.city, region) if part)
        return (f"{place} {code}".strip(),)
    if address.country in _CODE_BELOW:
        return (address.city, region, code)
    return (f"{code} {address.city}".strip(), region if region != address.city else "")
