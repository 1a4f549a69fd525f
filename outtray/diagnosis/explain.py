"""Turn a Failure into cause, headline, steps and who must act: pure, and from tables only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from outtray.diagnosis.advice import FALLBACK, advice_for, filled
from outtray.diagnosis.causes import FAMILY_OF, Cause, Family
from outtray.diagnosis.circumstances import Circumstances, circumstances
from outtray.diagnosis.offers import Offer, offer_for, published, spoken
from outtray.diagnosis.signs import Sign, first_fit
from outtray.diagnosis.smtp_signs import table as smtp
from outtray.transports.base import Failure

SIGNS: Mapping[str, tuple[Sign, ...]] = {"smtp": smtp.SIGNS}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why it failed and what helps. `actor` is a label for `who`; `familiar` is the sentence
    by which users of the reference system know this failure; `words` are the server's own.
    """

    cause: Cause
    family: Family
    headline: str
    steps: tuple[str, ...]
    who: str
    actor: str
    familiar: str
    words: str
    offer: Offer | None = None

    def to_json(self) -> dict[str, Any]:
        """The explanation as plain values, to be stored or answered."""
        return asdict(self)


def explain(
    failure: Failure,
    *,
    transport: str,
    settings: Mapping[str, object],
    address: str,
    language: str = FALLBACK,
) -> Explanation:
    """Say why this failed under these settings. There is always one cause."""
    around = circumstances(transport, settings, address)
    cause = first_fit(SIGNS.get(transport, ()), failure, around)
    return _explanation(
        cause or Cause.SERVER_TEMPORARY_FAILURE, around, words=_words(failure), language=language
    )


def explain_cause(
    cause: Cause,
    *,
    transport: str,
    settings: Mapping[str, object],
    address: str,
    language: str = FALLBACK,
) -> Explanation:
    """Say the same for a cause that is already known."""
    around = circumstances(transport, settings, address)
    return _explanation(cause, around, words="", language=language)


def _explanation(cause: Cause, around: Circumstances, *, words: str, language: str) -> Explanation:
    advice = advice_for(cause, language)
    known = _known(around)
    steps = (filled(step, known) for step in advice.steps)
    return Explanation(
        cause=cause,
        family=FAMILY_OF[cause],
        headline=advice.headline.format_map(_DEFAULTS | {k: v for k, v in known.items() if v}),
        steps=tuple(step for step in steps if step),
        who=advice.who,
        actor=advice.actor,
        familiar=advice.familiar,
        words=words,
        offer=offer_for(cause, around),
    )


def _words(failure: Failure) -> str:
    """The server's own words with their code, as they stand in its manuals."""
    return f"{failure.code} {failure.text}".strip() if failure.code else failure.text


_DEFAULTS: dict[str, str] = {
    "provider": "The provider",
    "host": "the mail server",
    "port": "this port",
    "address": "this mailbox",
    "username": "",
}


def _known(around: Circumstances) -> dict[str, str]:
    """The words that may be filled in; what is not known is empty."""
    preset = published(around)
    endpoint = preset.smtp[0] if preset else None
    return {
        "address": around.address,
        "username": around.username,
        "host": around.host,
        "port": str(around.port or ""),
        "provider": preset.name if preset else "",
        "app_password_url": preset.app_password_url if preset else "",
        "note": preset.note if preset else "",
        "published": spoken(endpoint.host, endpoint.port, endpoint.security) if endpoint else "",
    }
