"""The causes that an explanation may name: what each means, what helps, how it is recognised."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outtray.diagnosis.advice import Advice, advice_for
from outtray.diagnosis.causes import FAMILIES, Cause, Family
from outtray.diagnosis.signs.providers.every import PROVIDERS
from outtray.diagnosis.signs.sign import Sign
from outtray.diagnosis.signs.table import every_sign
from outtray.mailboxes.presets import PRESETS

MOST_WORDS = 40
_HEADINGS: dict[Family, str] = {
    Family.CREDENTIALS: "Credentials and login policy",
    Family.NETWORK: "Names, ports and network",
    Family.TLS: "Encryption",
    Family.SENDER: "Sender identity and relaying",
    Family.REPUTATION: "Reputation and blocks",
    Family.LIMITS: "Limits",
    Family.RECIPIENT: "The recipient's side",
    Family.MESSAGE: "The message itself",
    Family.SERVER: "The server's trouble",
    Family.OAUTH: "Signing in with a token (OAuth)",
    Family.API: "Web interfaces (Graph, Gmail)",
    Family.EWS: "Exchange Web Services",
    Family.OURS: "Outtray's own",
}
_PLACES = {
    "provider": "The provider",
    "host": "the mail server",
    "port": "this port",
    "address": "this mailbox",
    "username": "this user",
}


def page() -> str:
    parts = [
        "# Causes of failures",
        "A failed Validate and a failed email are explained by exactly one of these causes, and "
        "so is any error text that you give to `outtray explain`. Search this page for the words "
        "of a server or a program, for its code, or for the sentence that you know it by.",
        *(part for family in FAMILIES for part in _family(family)),
    ]
    return "\n\n".join(parts)


def _family(family: Family) -> Iterator[str]:
    yield f"## {_HEADINGS[family]}"
    for cause in FAMILIES[family]:
        yield from _cause(cause)


def _cause(cause: Cause) -> Iterator[str]:
    advice = advice_for(cause, "en")
    yield f"### {cause}"
    yield f"**{_headline(advice)}**"
    yield "\n".join(_steps(advice))
    yield f"Who must act: {advice.who}."
    if advice.familiar:
        yield f"Known as: \u201c{advice.familiar}\u201d"
    signs = [sign for sign in every_sign() if sign.cause is cause]
    codes = sorted({code for sign in signs for code in _codes(sign)})
    if codes:
        yield f"Codes: {', '.join(codes)}."
    words = list(dict.fromkeys(word for sign in signs for word in _words(sign)))[:MOST_WORDS]
    if words:
        yield f"Servers and programs say: {'; '.join(words)}."
    yield from _at_providers(cause)


def _headline(advice: Advice) -> str:
    if advice.unnamed:
        return advice.unnamed
    text = advice.headline.format_map(_PLACES)
    return text[:1].upper() + text[1:]


def _steps(advice: Advice) -> Iterator[str]:
    told = (step for step in advice.steps if "{note}" not in step and "{published}" not in step)
    plain = [step for step in told if "{app_password_url}" not in step]
    yield from (f"{number}. {_bare(step)}" for number, step in enumerate(plain, start=1))


def _bare(step: str) -> str:
    return re.sub(r"\s*{username}", "", step).format_map(_PLACES)


def _at_providers(cause: Cause) -> Iterator[str]:
    for provider in PROVIDERS:
        steps = provider.steps.get(cause)
        if steps:
            preset = PRESETS.get(provider.preset)
            name = preset.name if preset else provider.name.replace("_", " ").capitalize()
            told = " ".join(_bare(step) for step in steps["en"])
            yield f"*{name}:* {told}"


def _codes(sign: Sign) -> Iterator[str]:
    yield from (code.replace("x.", "4.", 1) for code in sign.enhanced if code[-1] != ".")
    yield from (
        f"5.{code[2:]}" for code in sign.enhanced if code.startswith("x.") and code[-1] != "."
    )
    yield from (f"AADSTS{number}" for number in re.findall(r"aadsts(\d+)\$", sign.words))


def _words(sign: Sign) -> Iterator[str]:
    """Phrases that a person would search for: plain ones of several words."""
    for phrase in sign.words.split("|"):
        words = " ".join(phrase.replace("..", "\u2026").split())
        if " " in words and not re.search(r"[{}&*$@<>\[\]]", words) and words.isprintable():
            yield words
