"""The wait that a server asks for in its own words.

Only a number with a unit is taken for one, right after a word of waiting or right before
"again": "Greylisted for 300 seconds", "in 5 Minuten erneut", "come back in 00:05:00",
"Retry-After: 120".
"""

from __future__ import annotations

import re

LONGEST = 24 * 60 * 60.0  # seconds; whoever says more is not waited for any longer

_ASKS = (
    r"\b(?:try|retry|again|resend|wait|back|later|gr[ea]y-?list\w*|deferred|delayed|"
    r"erneut|warten?|sp(?:ä|ae)ter|versuch\w*|r[ée]essay\w*|attend\w*|reint[ée]nt\w*|"
    r"int[ée]nt\w*|esper\w*|tent[ae]\w*|aguard\w*|riprov\w*|probeer\w*|wacht\w*|"
    r"spr[óo]buj|zkuste|f[öo]rs[öo]k|pr[øo]v|попробуйте|повтори\w*|подождите)\b"
)
_IN = (
    r"in|for|after|within|least|another|about|dans|apr[èe]s|en|em|dentro de|de|tra|fra|"
    r"f(?:ü|ue)r|nach|mindestens|noch|Sie|over|za|om|через"
)
_AGAIN = r"again|later|erneut|noch ?mals?|wieder|opnieuw|de nuevo|novamente|plus tard"
_UNITS = (
    (r"s|secs?|seconds?|se[ck]und\w*|secondes?|seconden|segundos?|secondi|секунд\w*", 1),
    (r"m|mins?|minut\w*|minuuten|минут\w*", 60),
    (r"h|hrs?|hours?|stunden?|heures?|horas?|ore|uur|godzin\w*|hodin\w*|timm?[ae]r?|час\w*", 3600),
    (r"days?|tagen?|jours?|d[ií]as?|giorni", 86400),
)
_UNIT = "|".join(unit for unit, _ in _UNITS)
_PART = rf"\d{{1,6}} ?(?:{_UNIT})(?![^\W\d_])"
_AMOUNT = rf"(?P<amount>{_PART}(?:,?(?: (?:and|und|et|y|e))? ?{_PART})*)"
_ASKED = (
    re.compile(rf"{_ASKS}(?:[^\d.;]{{0,40}}?\b(?:{_IN}))?\W{{1,3}}{_AMOUNT}", re.IGNORECASE),
    re.compile(rf"\b(?:{_IN}) {_AMOUNT} (?:{_AGAIN})\b", re.IGNORECASE),
)
_PARTS = tuple(
    (re.compile(rf"(\d+) ?(?:{unit})(?![^\W\d_])", re.IGNORECASE), seconds)
    for unit, seconds in _UNITS
)
# Written without spaces: 7分钟后重试, 7分後に再試行
_CHINESE = re.compile(r"(\d{1,6}) ?(秒|分|小时|小時|時間)[^\d。]{0,6}(?:重试|重試|再)")
_SIGNS = {"秒": 1, "分": 60, "小时": 3600, "小時": 3600, "時間": 3600}
_CLOCK = re.compile(
    rf"{_ASKS}(?:[^\d.;]{{0,40}}?\b(?:{_IN}))?\W{{1,3}}(\d{{1,2}}):([0-5]\d):([0-5]\d)\b",
    re.IGNORECASE,
)
_HEADER = re.compile(r"\bRetry-After[:=]? *(\d{1,6})\b(?![-:])", re.IGNORECASE)
_BACK_OFF = re.compile(r"\bBackOffMilliseconds\W{1,20}(?:\w+\W+)?(\d{1,9})\b")


def wait_asked_for(text: str) -> float:
    """Seconds, at most a day; 0 where the text asks for none."""
    return min(_seconds(text), LONGEST)


def _seconds(text: str) -> float:
    for pattern in _ASKED:
        found = pattern.search(text)
        if found:
            return _sum(found["amount"])
    chinese = _CHINESE.search(text)
    if chinese:
        return float(chinese[1]) * _SIGNS[chinese[2]]
    clock = _CLOCK.search(text)
    if clock:
        hours, minutes, rest = map(int, clock.groups())
        return hours * 3600.0 + minutes * 60 + rest
    header = _HEADER.search(text)
    if header:
        return float(header[1])
    back_off = _BACK_OFF.search(text)
    return float(back_off[1]) / 1000 if back_off else 0


def _sum(amount: str) -> float:
    """Of all parts: 1h30m, 7 minutes and 30 seconds."""
    return sum(
        float(number) * seconds for unit, seconds in _PARTS for number in unit.findall(amount)
    )
