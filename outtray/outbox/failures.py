"""Failures as they are kept with recipients, attempts and emails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from outtray.transports.base import Failure, Scope, Source, Stage, Trouble


def to_json(failure: Failure | None) -> dict[str, Any] | None:
    """The failure as plain values for a JSON column."""
    return asdict(failure) if failure else None


def from_json(stored: Mapping[str, Any] | None) -> Failure | None:
    """The failure again."""
    if not stored:
        return None
    return Failure(
        stage=Stage(stored["stage"]),
        scope=Scope(stored["scope"]),
        is_temporary=bool(stored["is_temporary"]),
        source=Source(stored["source"]),
        text=str(stored["text"]),
        code=int(stored["code"]),
        enhanced_code=str(stored["enhanced_code"]),
        trouble=Trouble(stored.get("trouble", "")),
        wait=float(stored.get("wait", 0)),
        identifier=str(stored.get("identifier", "")),
    )
