"""All providers, and those who have to do with a symptom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from outtray.diagnosis.circumstances import Circumstances
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.providers import (
    american,
    apple,
    chinese,
    french,
    gateways,
    german,
    google,
    microsoft,
    paid_mail,
    relays,
    russian,
    yahoo,
)
from outtray.diagnosis.symptom import Symptom

PROVIDERS: tuple[Provider, ...] = (
    *google.PROVIDERS,
    *microsoft.PROVIDERS,
    *yahoo.PROVIDERS,
    *apple.PROVIDERS,
    *german.PROVIDERS,
    *french.PROVIDERS,
    *russian.PROVIDERS,
    *chinese.PROVIDERS,
    *paid_mail.PROVIDERS,
    *american.PROVIDERS,
    *relays.PROVIDERS,
    *gateways.PROVIDERS,
)


def speakers(symptom: Symptom) -> Iterator[Provider]:
    """Who may have said it: by its words, its name or its server."""
    named = _called(symptom.provider) | _running(symptom.around.host)
    named = named.union(*(_BY_KEY[key] for key in _KEYS & symptom.spoken.words))
    return (one for one in PROVIDERS if one.name in named and _speaks(one, symptom))


def provider_called(name: str) -> Provider | None:
    """The provider that people call so."""
    return next((one for one in PROVIDERS if one.name in _called(name)), None)


def host_of(around: Circumstances) -> Provider | None:
    """Whose server the settings name, else whose address it is."""
    named = _running(around.host)
    if not named and around.provider:
        named = _running(around.provider.host)
    return next((one for one in PROVIDERS if one.name in named), None)


def _speaks(provider: Provider, symptom: Symptom) -> bool:
    return (
        provider.name in _called(symptom.provider)
        or provider.name in _running(symptom.around.host)
        or provider.is_quoted_in(symptom)
    )


@lru_cache(maxsize=1000)
def _called(name: str) -> frozenset[str]:
    return frozenset(one.name for one in PROVIDERS if one.is_called(name))


@lru_cache(maxsize=1000)
def _running(host: str) -> frozenset[str]:
    return frozenset(one.name for one in PROVIDERS if host and one.runs(host))


_KEYS: frozenset[str] = frozenset().union(*(one.keys for one in PROVIDERS))
_BY_KEY: Mapping[str, frozenset[str]] = {
    key: frozenset(one.name for one in PROVIDERS if key in one.keys) for key in _KEYS
}
