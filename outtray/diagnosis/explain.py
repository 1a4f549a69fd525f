"""Turn a Failure into cause, headline, steps and who must act: pure, and from tables only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from outtray.diagnosis.advice import FALLBACK, Advice, advice_for, filled
from outtray.diagnosis.causes import FAMILY_OF, Cause, Family
from outtray.diagnosis.circumstances import Circumstances, circumstances
from outtray.diagnosis.offers import Offer, offer_for, published, spoken
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.providers.every import host_of, speakers
from outtray.diagnosis.signs.table import cause_of
from outtray.diagnosis.symptom import Symptom, symptom_of
from outtray.transports.base import Failure

_INTERFACES = frozenset({"graph", "gmail", "gmail_api", "ews"})

Facts = Mapping[str, str]
_NO_FACTS: Facts = {}


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
    offered: Sequence[str] = (),
    facts: Facts = _NO_FACTS,
) -> Explanation:
    """Say why this failed under these settings. There is always one cause.

    `offered` is what the server's EHLO answer offered, `facts` what a second look found.
    """
    around = circumstances(transport, settings, address, offered=tuple(offered))
    symptom = symptom_of(failure, around)
    return _explanation(
        cause_of(symptom), symptom, words=_words(failure), language=language, facts=facts
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
    symptom = Symptom(protocol="", stage=None, text="", around=around)
    return _explanation(cause, symptom, words="", language=language)


def explain_symptom(symptom: Symptom, *, language: str = FALLBACK) -> Explanation:
    """Say why something failed that somebody else has met."""
    return _explanation(cause_of(symptom), symptom, words=symptom.text, language=language)


def _explanation(
    cause: Cause, symptom: Symptom, *, words: str, language: str, facts: Facts = _NO_FACTS
) -> Explanation:
    around = symptom.around
    provider = host_of(around) or next(speakers(symptom), None)
    advice = advice_for(cause, language)
    if advice.interface and _is_interface(symptom):
        advice = advice.interface
    known = _known(around)
    steps = (filled(step, known) for step in _steps(cause, advice, provider, language))
    return Explanation(
        cause=cause,
        family=FAMILY_OF[cause],
        headline=_headline(advice, known, language),
        steps=tuple(step for step in steps if step),
        who=advice.who,
        actor=advice.actor,
        familiar=advice.familiar,
        words=words,
        offer=offer_for(cause, around, facts),
    )


def _is_interface(symptom: Symptom) -> bool:
    """Whether a web interface said it, itself or at the sign-in for it."""
    return bool({symptom.protocol, symptom.around.transport} & _INTERFACES)


def _headline(advice: Advice, known: Mapping[str, str], language: str) -> str:
    usual = _DEFAULTS.get(language, _DEFAULTS[FALLBACK])
    given = {name: word for name, word in known.items() if word}
    text = filled(advice.headline, {"provider": usual["provider"], **given}) or advice.unnamed
    if text:
        return text
    supposed = advice.headline.format_map({**usual, **given})
    return supposed[:1].upper() + supposed[1:]


def _steps(
    cause: Cause, advice: Advice, provider: Provider | None, language: str
) -> tuple[str, ...]:
    """What to do at this provider where that is known, else what to do anywhere."""
    own = provider.steps.get(cause, {}) if provider else {}
    return own.get(language) or own.get(FALLBACK) or advice.steps


def _words(failure: Failure) -> str:
    """The server's own words with their code, as they stand in its manuals."""
    return f"{failure.code} {failure.text}".strip() if failure.code else failure.text


_DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "provider": "The provider",
        "host": "the mail server",
        "port": "this port",
        "address": "this mailbox",
        "username": "",
    },
    "de": {
        "provider": "Der Anbieter",
        "host": "der Mailserver",
        "port": "dieser Port",
        "address": "dieses Postfach",
        "username": "",
    },
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
