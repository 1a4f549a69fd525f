"""What detection has filled in, as the set-up page remembers it between two requests.

It stands in a hidden field, so that what a person has typed can be told from what was filled.
Nothing of it is believed: it decides only what is shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from outtray.mailboxes.detection.values import Proposal
from outtray.mailboxes.models import Mailbox, ServiceType
from outtray.mailboxes.services import SERVICES
from outtray.transports.base import Field, FieldKind
from outtray.transports.registry import TRANSPORTS
from outtray.web.session import PersonRequest

NAME = "detected"
_MOST_SIGNS = 5000
_FIELDS = {
    declared.name: declared for transport in TRANSPORTS.values() for declared in transport.fields
}
_SERVERS = frozenset({FieldKind.HOST, FieldKind.URI})


@dataclass(frozen=True, slots=True)
class Detected:
    """The address that was looked up last, the card that was chosen for it, and for each card
    what was filled in."""

    address: str = ""
    service_type: str = ServiceType.WEB_MAIL
    filled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def to_text(self) -> str:
        """As the hidden field holds it."""
        return json.dumps([self.address, self.service_type, self.filled])


def detected_before(request: PersonRequest, mailbox: Mailbox | None = None) -> Detected:
    """What the page remembers; of a saved mailbox at first what is saved."""
    text = request.GET.get(NAME, "")[:_MOST_SIGNS]
    try:
        address, service_type, filled = json.loads(text)
        texts = {
            str(card): {str(name): str(value) for name, value in values.items()}
            for card, values in filled.items()
        }
        return Detected(str(address), str(service_type), texts)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return _saved(mailbox) if mailbox else Detected()


def filled_before(request: PersonRequest) -> dict[str, str]:
    """What was found for the card that a person has chosen now."""
    return dict(detected_before(request).filled.get(request.GET.get("service_type", ""), {}))


def fields_of(proposal: Proposal) -> dict[str, str]:
    """A proposal as the form's fields have it."""
    ways = SERVICES[proposal.service_type].ways_of(proposal.sign_in)
    way = next((way.name for way in ways if way.transport == proposal.transport), "")
    settings = {name: str(value) for name, value in proposal.settings.items()}
    signing_in = {"sign_in": proposal.sign_in, "way": way} if proposal.sign_in else {}
    return {"service_type": proposal.service_type, **signing_in, **settings}


def typed_by_hand(request: PersonRequest, before: Detected) -> dict[str, str]:
    """The settings that a person has typed himself, with the others of their group."""
    card = request.GET.get("service_type", before.service_type)
    filled = before.filled.get(card, {})
    shown = {name: request.GET[name].strip() for name in _FIELDS if name in request.GET}
    typed = {name for name, value in shown.items() if _is_typed(_FIELDS[name], value, filled)}
    groups = {_FIELDS[name].group for name in typed} - {""}
    return {
        name: value
        for name, value in shown.items()
        if name in typed or _FIELDS[name].group in groups
    }


def names_a_server(typed: Mapping[str, str]) -> bool:
    """Whether a person has typed the server himself: then nothing else is ours to fill."""
    return any(_FIELDS[name].kind in _SERVERS and not _FIELDS[name].group for name in typed)


def _is_typed(field: Field, value: str, filled: Mapping[str, str]) -> bool:
    """What is there and was not filled in. The first of some choices is no choice."""
    if not value or field.kind == FieldKind.SECRET:
        return False
    if field.kind == FieldKind.CHOICE and field.name not in filled:
        return False
    return value != filled.get(field.name, "")


def _saved(mailbox: Mailbox) -> Detected:
    settings = {name: str(value) for name, value in mailbox.settings.items()}
    return Detected(mailbox.address, mailbox.service_type, {mailbox.service_type: settings})
