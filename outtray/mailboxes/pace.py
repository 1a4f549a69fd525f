"""How fast a provider lets a mailbox send, as the defaults of a mailbox saved with it."""

from __future__ import annotations

from dataclasses import dataclass

from outtray.mailboxes.presets import Preset

# Where a provider of mailboxes does not tell its pace: slow enough for every one we know.
CAREFUL_MESSAGES_PER_MINUTE = 10


@dataclass(frozen=True, slots=True)
class Pace:
    """Limits of a mailbox; None means that none is known."""

    messages_per_minute: int | None = None
    messages_per_day: int | None = None
    recipients_per_day: int | None = None
    connections: int = 1


def pace_of(preset: Preset | None) -> Pace:
    """The pace that a provider's published limits allow. A server of one's own has none."""
    if preset is None:
        return Pace()
    return Pace(
        messages_per_minute=_messages_per_minute(preset),
        messages_per_day=preset.limits.get("messages_per_day"),
        recipients_per_day=preset.limits.get("recipients_per_day"),
        connections=preset.limits.get("concurrent_connections", 1),
    )


def _messages_per_minute(preset: Preset) -> int | None:
    if "messages_per_minute" in preset.limits:
        return preset.limits["messages_per_minute"]
    if "messages_per_hour" in preset.limits:
        return max(1, preset.limits["messages_per_hour"] // 60)
    return None if preset.kind == "relay" else CAREFUL_MESSAGES_PER_MINUTE
