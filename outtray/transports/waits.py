"""The wait that a server asks for in its own words.

Only a number with a unit, right after a word of waiting, is taken for one: "Greylisted for
300 seconds", "try again in 5 minutes", "come back in 00:05:00", "Retry-After: 120".
"""

from __future__ import annotations

import re

LONGEST = 24 * 60 * 60.0  # seconds; whoever says more is not waited for any longer

_ASKS = (
    r"\b(?:try|retry|again|resend|wait|back|later|gr[ea]y-?list\w*|deferred|delayed|"
    r"erneut|warten|sp(?:ä|ae)ter|versuchen|r[ée]essay\w*|attend\w*|reint[ée]nt\w*|esper\w*|"
    r"riprov\w*)\b"
)
_NEAR = (
    r"(?:[^\d.;]{0,40}?\b(?:in|for|after|within|least|another|about|dans|en|de|tra|fra|"
    r"f(?:ü|ue)r|nach))?\W{1,3}"
)
_UNITS = (
    (r"s|secs?|seconds?|sekunden?|secondes?|segundos?|secondi", 1),
    (r"mins?|minutes?|minuten?|minutos?|minuti", 60),
    (r"h|hrs?|hours?|stunden?|heures?|horas?|ore", 3600),
)
_AMOUNT = tuple(
    (re.compile(rf"{_ASKS}{_NEAR}(\d{{1,6}}) ?(?:{unit})\b", re.IGNORECASE), seconds)
    for unit, seconds in _UNITS
)
_CLOCK = re.compile(rf"{_ASKS}{_NEAR}(\d{{1,2}}):([0-5]\d):([0-5]\d)\b", re.IGNORECASE)
_HEADER = re.compile(r"\bRetry-After:? *(\d{1,6})\b(?![-:])", re.IGNORECASE)
_BACK_OFF = re.compile(r"\bBackOffMilliseconds\W{1,20}(?:\w+\W+)?(\d{1,9})\b")


def wait_asked_for(text: str) -> float:
    """Seconds, at most a day; 0 where the text asks for none."""
    return min(_seconds(text), LONGEST)


def _seconds(text: str) -> float:
    for pattern, seconds in _AMOUNT:
        found = pattern.search(text)
        if found:
            return float(found[1]) * seconds
    clock = _CLOCK.search(text)
    if clock:
        hours, minutes, rest = map(int, clock.groups())
        return hours * 3600.0 + minutes * 60 + rest
    header = _HEADER.search(text)
    if header:
        return float(header[1])
    back_off = _BACK_OFF.search(text)
    return float(back_off[1]) / 1000 if back_off else 0
