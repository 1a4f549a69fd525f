"""What a detection comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from outtray.mailboxes.presets import PRESETS, Preset


class Confidence(StrEnum):
    """How sure a proposal is."""

    SURE = "sure"
    LIKELY = "likely"
    GUESS = "guess"


class State(StrEnum):
    """What became of a source."""

    FOUND = "found"
    NOTHING = "nothing"
    TROUBLE = "trouble"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One way to set the mailbox up: what a person would otherwise choose and type.

    `must_confirm`: a person should see that the server is the right one before he types a
    password, because nobody vouches for it.
    """

    service_type: str
    transport: str
    settings: Mapping[str, str | int]
    source: str
    because: str
    confidence: Confidence
    provider: str = ""
    sign_in: str = ""
    must_confirm: bool = False

    @property
    def preset(self) -> Preset | None:
        """What is known of the provider."""
        return PRESETS.get(self.provider)


@dataclass(frozen=True, slots=True)
class Report:
    """What one source said, in a sentence, and how long that took."""

    source: str
    state: State
    told: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Detection:
    """Proposals, the best first, and where they are from. `gateway` filters the domain's mail
    and hides whose mailboxes are behind it."""

    address: str
    domain: str
    proposals: tuple[Proposal, ...] = ()
    reports: tuple[Report, ...] = field(default=())
    gateway: str = ""

    @property
    def best(self) -> Proposal | None:
        return self.proposals[0] if self.proposals else None

    @property
    def alternatives(self) -> tuple[Proposal, ...]:
        return self.proposals[1:]

    def to_json(self) -> dict[str, Any]:
        """As the API and the command line show it."""
        return {
            "address": self.address,
            "domain": self.domain,
            "gateway": self.gateway,
            "best": asdict(self.best) if self.best else None,
            "alternatives": [asdict(proposal) for proposal in self.alternatives],
            "sources": [asdict(report) for report in self.reports],
        }
