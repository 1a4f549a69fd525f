"""One piece of advice about a domain."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum

from outtray.mailboxes.domain_records import DOMAIN_RECORDS, DomainRecords
from outtray.mailboxes.presets import PRESETS


class Subject(StrEnum):
    """What is advised on."""

    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"


class Verdict(StrEnum):
    """Whether there is something to do."""

    OK = "ok"
    ADVICE = "advice"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence, and where a record has to be added or changed its name, kind and value.

    `seen` is what is published now.
    """

    subject: Subject
    verdict: Verdict
    sentence: str
    name: str = ""
    kind: str = ""
    value: str = ""
    seen: str = ""

    def to_json(self) -> dict[str, str]:
        """As it is kept with a probe, and shown by page and API."""
        return {key: str(value) for key, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Sender:
    """A domain that sends through a provider, of whom nothing may be known."""

    domain: str
    provider: str

    @property
    def provider_name(self) -> str:
        return PRESETS[self.provider].name if self.provider in PRESETS else "the provider"

    @property
    def wanted(self) -> DomainRecords:
        """What the provider wants to see; empty where that is not known."""
        return DOMAIN_RECORDS.get(self.provider, DomainRecords())
