"""The offer that follows from what was tried: it answered, so it comes before any table's."""

from __future__ import annotations

from collections.abc import Mapping

from outtray.diagnosis.offers import Offer

_TRIED = "use_"
_SPOKEN = {"tls": "TLS", "starttls": "STARTTLS", "none": "no encryption"}


def offer_tried(facts: Mapping[str, str]) -> Offer | None:
    """The settings that a second look has found to work, as one button."""
    found = {
        name.removeprefix(_TRIED): value for name, value in facts.items() if name[:4] == _TRIED
    }
    if not found:
        return None
    values = {name: int(value) if name == "port" else value for name, value in found.items()}
    return Offer(_label(found), values)


def _label(found: Mapping[str, str]) -> str:
    security = _SPOKEN.get(found.get("security", ""), "")
    if found.keys() == {"security"}:
        return f"Use {security}"
    if found.keys() == {"username"}:
        return f"Use {found['username']} as user name"
    parts = [found[name] for name in ("host", "uri") if name in found]
    if "port" in found:
        parts.append(f"port {found['port']}")
    with_security = f" with {security}" if security else ""
    if not parts:
        return f"Use {', '.join(found.values())}"
    return f"Use {', '.join(parts)}{with_security}"
