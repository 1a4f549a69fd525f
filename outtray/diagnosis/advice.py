"""What to say for a cause, in a person's language: read from `words/<language>.toml`."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from outtray.diagnosis.causes import Cause

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Advice:
    """The words for one cause, with places to fill. `actor` is who must act, as a label.

    `unnamed` is the headline where a word for its places is missing. `interface` has the words
    for a web interface, where those for a mail server do not fit.
    """

    headline: str
    unnamed: str
    steps: tuple[str, ...]
    actor: str
    who: str
    familiar: str = ""
    interface: Advice | None = None


def advice_for(cause: Cause, language: str) -> Advice:
    """The words for a cause, in English where that language does not have them."""
    return _spoken(language).get(cause) or _spoken(FALLBACK)[cause]


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with its places filled, or an empty text if a word for one is missing."""
    wanted = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    if not all(words.get(name) for name in wanted):
        return ""
    return text.format_map(words)


@cache
def _spoken(language: str) -> Mapping[Cause, Advice]:
    file = resources.files("outtray.diagnosis").joinpath("words", f"{language}.toml")
    if not file.is_file():
        return {}
    table = tomllib.loads(file.read_text())
    return {Cause(label): _advice(entry, table) for label, entry in table["causes"].items()}


def _advice(entry: Mapping[str, Any], table: Mapping[str, Any]) -> Advice:
    return Advice(
        headline=entry["headline"],
        unnamed=entry.get("unnamed", ""),
        steps=tuple(entry["steps"]),
        actor=entry["who"],
        who=table["who"][entry["who"]],
        familiar=table["familiar"].get(entry.get("familiar", ""), ""),
        interface=_advice(entry["interface"], table) if "interface" in entry else None,
    )
