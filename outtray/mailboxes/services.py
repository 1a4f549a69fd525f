"""The Email Service Types as data: each names its transport, whose fields make its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from outtray.lib.errors import Refused
from outtray.mailboxes.models import ServiceType
from outtray.transports.base import Field
from outtray.transports.registry import TRANSPORTS


@dataclass(frozen=True, slots=True)
class Service:
    """One Email Service Type. `familiar` is how users of the reference system know it."""

    type: ServiceType
    label: str
    summary: str
    familiar: str
    transport: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """What a person fills in."""
        return TRANSPORTS[self.transport].fields


SERVICES: Mapping[str, Service] = {
    ServiceType.WEB_MAIL: Service(
        type=ServiceType.WEB_MAIL,
        label="Web Mail",
        summary="Any mailbox with an outgoing mail server (SMTP) and a password.",
        familiar="Web Mail (Microsoft)",
        transport="smtp",
    ),
}


def service(service_type: str, transport: str) -> Service:
    """The service of that type. Refuses one that we lack, or another transport in its name."""
    found = SERVICES.get(service_type)
    if found is None or found.transport != transport:
        raise Refused(
            "unknown_service",
            f"There is no Email Service Type {service_type!r} with transport {transport!r}.",
            field="service_type",
        )
    return found
