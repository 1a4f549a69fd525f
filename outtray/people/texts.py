"""Names and addresses of persons as they are typed, checked."""

from __future__ import annotations

from outtray.lib.errors import Refused
from outtray.mail.address import Address, AddressError, has_control_character

_MAX = 200


def line(text: str, *, field: str, missing: str) -> str:
    """One line of text that says something. Refuses others with the field that is wrong."""
    text = text.strip()
    if not text:
        raise Refused("text_missing", missing, field=field)
    if has_control_character(text) or len(text) > _MAX:
        raise Refused(
            "bad_text", f"This must be one line of at most {_MAX} characters.", field=field
        )
    return text


def sign_in_address(text: str) -> str:
    """The address by which a person signs in, in lower case."""
    try:
        return str(Address.parse(text)).lower()
    except AddressError as wrong:
        sentence = str(wrong)
        raise Refused(
            "bad_address", f"{sentence[:1].upper()}{sentence[1:]}.", field="email"
        ) from wrong
