"""What a mailbox in Microsoft's cloud must tell besides its sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from outtray.lib.errors import Refused
from outtray.mail.address import Address, AddressError
from outtray.transports.base import Field, FieldKind
from outtray.transports.oauth.providers import CLOUDS, graph_url

GLOBAL = "global"


class SentBy(StrEnum):
    """Through whose mailbox a message of a shared mailbox goes, and in whose Sent Items it lies."""

    ACCOUNT = "account"
    SHARED = "shared"


FIELDS = (
    Field(
        name="send_as",
        label="Send as",
        kind=FieldKind.TEXT,
        help="Only where this mailbox's address is a shared mailbox or an alias of the account "
        "that signs in: that address again. The account needs the right Send As.",
        is_required=False,
    ),
    Field(
        name="sent_by",
        label="Copies of what is sent",
        kind=FieldKind.CHOICE,
        choices=(
            (SentBy.ACCOUNT, "In the Sent Items of the account that signs in"),
            (SentBy.SHARED, "In the shared mailbox (needs Full Access to it, and Send As)"),
        ),
        help="Only with a shared mailbox.",
        is_required=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one route, clean. `cloud` is that of the app by which somebody signed in,
    `endpoint` a stand-in in tests and demo."""

    send_as: Address | None = None
    sent_by: SentBy = SentBy.ACCOUNT
    cloud: str = GLOBAL
    endpoint: str = ""

    @property
    def url(self) -> str:
        """Where Graph is asked, without a slash at its end."""
        return f"{self.endpoint or graph_url(self.cloud)}/v1.0"

    def to_json(self) -> dict[str, str | int]:
        """As they are kept: what is usual is left out, and a stand-in never kept."""
        kept: dict[str, str | int] = {}
        if self.send_as:
            kept["send_as"] = str(self.send_as)
        if self.sent_by is not SentBy.ACCOUNT:
            kept["sent_by"] = str(self.sent_by)
        if self.cloud != GLOBAL:
            kept["cloud"] = self.cloud
        return kept


def read(settings: Mapping[str, object]) -> Settings:
    """The settings, clean. Raises Refused with the field that is wrong."""
    send_as = _address(_text(settings, "send_as"))
    sent_by = _sent_by(_text(settings, "sent_by") or SentBy.ACCOUNT)
    if sent_by is SentBy.SHARED and send_as is None:
        raise Refused(
            "send_as_required", "Enter the address of the shared mailbox.", field="send_as"
        )
    return Settings(
        send_as=send_as,
        sent_by=sent_by,
        cloud=_cloud(_text(settings, "cloud") or GLOBAL),
        endpoint=_text(settings, "endpoint").rstrip("/"),
    )


def _address(text: str) -> Address | None:
    if not text:
        return None
    try:
        return Address.parse(text)
    except AddressError as wrong:
        raise Refused("bad_address", f"{wrong}.".capitalize(), field="send_as") from wrong


def _sent_by(text: str) -> SentBy:
    try:
        return SentBy(text.lower())
    except ValueError as unknown:
        raise Refused(
            "sent_by_invalid",
            f"Copies are kept by one of: {', '.join(SentBy)}.",
            field="sent_by",
        ) from unknown


def _cloud(text: str) -> str:
    if text.lower() not in CLOUDS:
        raise Refused("cloud_unknown", "There is no such cloud.", field="cloud")
    return text.lower()


def _text(settings: Mapping[str, object], name: str) -> str:
    value = settings.get(name)
    return "" if value is None else str(value).strip()
