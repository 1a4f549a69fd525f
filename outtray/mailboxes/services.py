"""The Email Service Types as data: each names its ways out, whose fields make its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from outtray.lib.errors import Refused
from outtray.mailboxes.models import ServiceType
from outtray.mailboxes.presets import PRESETS, Preset, preset_for
from outtray.transports.base import Field, FieldKind
from outtray.transports.registry import TRANSPORTS

API = "api"
SMTP = "smtp"


@dataclass(frozen=True, slots=True)
class Way:
    """One way out that a service offers.

    `name` tells it from its siblings at the same provider. With `sign_in` a person signs in
    at that provider, and no password is typed here; `presets` are its mailboxes, those for
    any domain last.
    """

    transport: str
    name: str = ""
    sign_in: str = ""
    presets: tuple[str, ...] = ()

    @property
    def provider_name(self) -> str:
        """The provider at which a person signs in, as people call it."""
        return self.sign_in.capitalize()

    @property
    def fields(self) -> tuple[Field, ...]:
        """What a person fills in."""
        declared = TRANSPORTS[self.transport].fields
        if not self.sign_in:
            return declared
        return tuple(field for field in declared if field.kind != FieldKind.SECRET)

    def preset(self, address: str) -> Preset | None:
        """The provider's preset for an address, where a person signs in at a provider."""
        known = preset_for(address)
        if known and known.id in self.presets:
            return known
        return PRESETS[self.presets[-1]] if self.presets else None

    def completed(self, settings: Mapping[str, object], address: str) -> dict[str, object]:
        """What was typed, and where a person signs in the provider's own server, if none was."""
        preset = self.preset(address)
        if preset is None or settings.get("host"):
            return dict(settings)
        known = {
            "host": preset.host,
            "port": preset.port,
            "security": preset.security,
            "username": address,
        }
        if preset.imap:
            known["imap_host"] = preset.imap[0].host
            known["imap_port"] = preset.imap[0].port
            known["imap_security"] = preset.imap[0].security
        declared = {field.name for field in self.fields}
        typed = {name: value for name, value in settings.items() if value not in (None, "")}
        return {name: known[name] for name in known if name in declared} | typed


@dataclass(frozen=True, slots=True)
class Service:
    """One Email Service Type. `familiar` is how users of the reference system know it."""

    type: ServiceType
    label: str
    summary: str
    familiar: str
    ways: tuple[Way, ...]

    @property
    def transports(self) -> tuple[str, ...]:
        """How its mailboxes send, each once."""
        return tuple(dict.fromkeys(way.transport for way in self.ways))

    @property
    def signs_in(self) -> bool:
        """Whether its mailboxes are connected at their provider, without a password."""
        return any(way.sign_in for way in self.ways)

    @property
    def providers(self) -> tuple[Way, ...]:
        """The first way at each provider where a person signs in."""
        first = {way.sign_in: way for way in reversed(self.ways) if way.sign_in}
        return tuple(way for way in self.ways if way is first.get(way.sign_in))

    @property
    def names(self) -> tuple[str, ...]:
        """What its ways at one provider are called, the one to prefer first."""
        return tuple(dict.fromkeys(way.name for way in self.ways))

    def ways_of(self, sign_in: str = "", name: str = "") -> tuple[Way, ...]:
        """Its ways at that provider and of that name; what is not named is left open."""
        return tuple(
            way for way in self.ways if sign_in in ("", way.sign_in) and name in ("", way.name)
        )


_ALL = (
    Service(
        type=ServiceType.WEB_MAIL,
        label="Web Mail",
        summary="Any mailbox with an outgoing mail server (SMTP) and a password.",
        familiar="Web Mail (Microsoft)",
        ways=(Way("smtp", SMTP),),
    ),
    Service(
        type=ServiceType.EXCHANGE,
        label="Exchange",
        summary="An Exchange Server of your own organisation.",
        familiar="Exchange",
        ways=(Way("ews"),),
    ),
    Service(
        type=ServiceType.EMAIL_SERVICES,
        label="Email Services",
        summary="Google or Microsoft: you sign in there, no password is kept here.",
        familiar="Email Services",
        ways=(
            Way("gmail", API, "google", ("gmail", "google_workspace")),
            Way("smtp", SMTP, "google", ("gmail", "google_workspace")),
            Way("graph", API, "microsoft", ("outlook_com", "microsoft365")),
            Way("smtp", SMTP, "microsoft", ("outlook_com", "microsoft365")),
        ),
    ),
)


def _there(service: Service) -> Service:
    """The service with those of its ways whose transport this installation has."""
    ways = tuple(way for way in service.ways if way.transport in TRANSPORTS)
    return Service(service.type, service.label, service.summary, service.familiar, ways)


SERVICES: Mapping[str, Service] = {
    service.type: service for service in map(_there, _ALL) if service.ways
}


def way_of(service_type: str, transport: str, sign_in: str = "") -> Way:
    """The way out of those names. Refuses a service that we lack, or another's transport."""
    found = SERVICES.get(service_type)
    ways = found.ways if found else ()
    way = next((way for way in ways if (way.transport, way.sign_in) == (transport, sign_in)), None)
    if way is None:
        at = f" at {sign_in!r}" if sign_in else ""
        raise Refused(
            "unknown_service",
            f"There is no Email Service Type {service_type!r} with transport {transport!r}{at}.",
            field="service_type",
        )
    return way
