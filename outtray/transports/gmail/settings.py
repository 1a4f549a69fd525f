"""What a mailbox at Gmail must tell besides its sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from outtray.lib.errors import Refused
from outtray.mail.address import Address, AddressError
from outtray.transports.base import Field, FieldKind

# developers.google.com/workspace/gmail/api/reference/rest
ENDPOINT = "https://gmail.googleapis.com"

FIELDS = (
    Field(
        name="send_as",
        label="Send as",
        kind=FieldKind.TEXT,
        help="Only where this mailbox's address is an alias of the account that signs in: that "
        "address again. Gmail must list it under Settings > Accounts > Send mail as.",
        is_required=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one route, clean. `endpoint` is that of a stand-in in tests and demo."""

    send_as: Address | None = None
    endpoint: str = ENDPOINT

    def to_json(self) -> dict[str, str | int]:
        """As they are kept: a stand-in never is."""
        return {"send_as": str(self.send_as)} if self.send_as else {}


def read(settings: Mapping[str, object]) -> Settings:
    """The settings, clean. Raises Refused with the field that is wrong."""
    return Settings(
        send_as=_address(_text(settings, "send_as")),
        endpoint=_text(settings, "endpoint").rstrip("/") or ENDPOINT,
    )


def _address(text: str) -> Address | None:
    if not text:
        return None
    try:
        return Address.parse(text)
    except AddressError as wrong:
        raise Refused("bad_address", f"{wrong}.".capitalize(), field="send_as") from wrong


def _text(settings: Mapping[str, object], name: str) -> str:
    value = settings.get(name)
    return "" if value is None else str(value).strip()
