"""What the presets know of a failure, tried out: a name with a typo, another provider's server.

A transport looks around at the server it was given; which other server could have been meant
is known here. All of it without a password.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from urllib.parse import urlsplit

from outtray.mailboxes.presets import PRESETS, Endpoint, Preset, preset_for, preset_for_host
from outtray.transports.base import Finding, Route, Stage, Trouble
from outtray.transports.smtp.doors import Door, Seen, knock
from outtray.transports.smtp.settings import Security

SECONDS = 2.5
_MOST = 4  # servers that are tried side by side
_SLIPS = 2  # letters left out, added, swapped or wrong that still make a typo
_NAME = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)

Facts = Mapping[str, str]


def looked_again(finding: Finding, route: Route) -> Finding:
    """The finding of a stage that failed, with what would do instead if that was found."""
    failure = finding.failure
    if failure is None or route.transport != "smtp" or "use_host" in finding.facts:
        return finding
    found: Facts = {}
    if failure.trouble is Trouble.OTHER_SERVER:
        found = _stranger(failure.text, route)
    elif failure.trouble is Trouble.NAME_NOT_FOUND and failure.stage is Stage.DNS:
        found = _meant(route)
    elif failure.stage is Stage.SETTINGS:
        found = _cleaned(route)
    return replace(finding, facts={**finding.facts, **found}) if found else finding


def _meant(route: Route) -> Facts:
    """A server that is named nearly so, or that the address has."""
    typed = str(route.settings.get("host", "")).strip().lower().rstrip(".")
    candidates = [*near(typed), *_of_address(route), *_in_domain(typed, route)]
    return _first_that_answers(dict.fromkeys(candidates), route) or _as_published(typed)


def _cleaned(route: Route) -> Facts:
    """An address of the web was typed, or the port along with the name."""
    typed = str(route.settings.get("host", "")).strip()
    try:
        parts = urlsplit(typed if "//" in typed else f"//{typed}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return {}
    if "." not in host or host == typed:
        return {}
    found = {"use_host": host}
    is_news = port and not parts.scheme and str(port) != str(route.settings.get("port", ""))
    return {**found, "use_port": str(port)} if is_news else found


def _stranger(told: str, route: Route) -> Facts:
    """Whose server has answered, by the provider's own settings."""
    named = _NAME.search(told.partition(": ")[2])
    preset = preset_for_host(named[0]) if named else None
    asked_for = preset_for_host(str(route.settings.get("host", "")))
    return _use(preset.smtp[0], route) if preset and not asked_for else {}


def near(typed: str) -> list[Endpoint]:
    """Servers of presets within a slip or two of what was typed, the nearest first."""
    if len(typed) < 6:
        return []
    rated = [(distance(typed, endpoint.host), endpoint) for endpoint in _known()]
    slipped = [(slips, endpoint) for slips, endpoint in rated if 0 < slips <= _SLIPS]
    return [endpoint for _, endpoint in sorted(slipped, key=lambda pair: pair[0])][:_MOST]


def _of_address(route: Route) -> list[Endpoint]:
    preset = preset_for(str(route.sender))
    return list(preset.smtp[:1]) if preset and _is_plain(preset) else []


def _in_domain(typed: str, route: Route) -> list[Endpoint]:
    """The usual names in the address's own domain, where one of them may have been meant."""
    domain = route.sender.domain
    usual = (f"{name}.{domain}" for name in ("smtp", "mail"))
    hosts = [host for host in usual if 0 < distance(typed, host) <= _SLIPS]
    return [
        Endpoint(host, int(str(route.settings["port"])), str(route.settings["security"]))
        for host in hosts
        if str(route.settings.get("port", "")).isdigit()
    ]


def _first_that_answers(candidates: Iterable[Endpoint], route: Route) -> Facts:
    doors = [_door(endpoint) for endpoint in candidates][:_MOST]
    seen = [each for each in knock(doors, route, seconds=SECONDS) if each.is_mail_server]
    best: Seen | None = next((each for each in seen if each.is_trusted), None)
    if best is None:
        return {}
    door = best.door
    return _use(Endpoint(door.host, door.port, str(door.security)), route)


def _as_published(typed: str) -> Facts:
    """One slip away from a single well-known server needs no proof."""
    hosts = {endpoint.host for endpoint in near(typed)}
    return {"use_host": hosts.pop()} if len(hosts) == 1 else {}


def _use(endpoint: Endpoint, route: Route) -> Facts:
    now = {name: str(route.settings.get(name, "")) for name in ("host", "port", "security")}
    found = {"host": endpoint.host, "port": str(endpoint.port), "security": endpoint.security}
    return {f"use_{name}": value for name, value in found.items() if value != now[name]}


def _door(endpoint: Endpoint) -> Door:
    return Door(endpoint.host, endpoint.port, Security(endpoint.security))


@cache
def _known() -> tuple[Endpoint, ...]:
    """The preferred server of each preset."""
    return tuple(preset.smtp[0] for preset in PRESETS.values() if preset.smtp and _is_plain(preset))


def _is_plain(preset: Preset) -> bool:
    """Whether its server has a name, not one with a place to fill or of this machine."""
    return "{" not in preset.host and not preset.host[0].isdigit()


def distance(one: str, other: str) -> int:
    """How many slips apart: letters left out, added, wrong, or swapped with their neighbour."""
    if abs(len(one) - len(other)) > _SLIPS:
        return _SLIPS + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, start=1):
        before, row, last = row, [i], before
        for j, against in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != against))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == against:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
