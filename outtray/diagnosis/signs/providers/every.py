"""All providers, and those who have to do with a symptom."""

from __future__ import annotations

from collections.abc import Iterator
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
    return (one for one in PROVIDERS if one.name in named or one.is_quoted_in(symptom))


def provider_called(name: str) -> Provider | None:
    """The provider that people call so."""
    return next((one for one in PROVIDERS if one.name in _called(name)), None)


def host_of(around: Circumstances) -> Provider | None:
    """Whose server the settings name, else whose address it is."""
    named = _running(around.host)
    if not named and around.provider:
        named = _running(around.provider.host)
    return next((one for one in PROVIDERS if one.name in named), None)


@lru_cache(maxsize=1000)
def _called(name: str) -> frozenset[str]:
    return frozenset(one.name for one in PROVIDERS if one.is_called(name))


@lru_cache(maxsize=1000)
def _running(host: str) -> frozenset[str]:
    return frozenset(one.name for one in PROVIDERS if host and one.runs(host))
