"""What a token endpoint answered: tokens (RFC 6749 §5.1), or why not (§5.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from outtray.lib.sealing import Secret
from outtray.transports.apis import failure_from_api
from outtray.transports.base import Failure, Stage
from outtray.transports.web import Answer, NoAnswer
from outtray.transports.web_failures import failure_from_no_answer, wait_told

_MAX_WORDS = 500
# RFC 6749 §5.1 only recommends to say it; both providers give an hour.
_USUAL_SECONDS = 3600
_AADSTS = re.compile(r"\bAADSTS(\d{4,7})\b")


@dataclass(frozen=True, slots=True)
class Granted:
    """Tokens, and what they are good for. `scopes` is empty where the answer did not tell.

    `refresh_seconds` is how long the refresh token lives, None where that is not limited.
    """

    access_token: Secret
    seconds: int
    scopes: frozenset[str]
    refresh_token: Secret | None = None
    refresh_seconds: int | None = None
    id_token: str = field(default="", repr=False)


def granted_or_failure(answer: Answer | NoAnswer) -> Granted | Failure:
    """What the answer of a token endpoint means."""
    if isinstance(answer, NoAnswer):
        return failure_from_no_answer(answer, stage=Stage.TOKEN)
    told = answer.json()
    if not answer.is_good:
        return failure_told(answer.status, told if isinstance(told, dict) else {}, answer)
    if not isinstance(told, dict) or not isinstance(told.get("access_token"), str):
        text = "the sign-in service answered without a token"
        return failure_from_api(500, text, stage=Stage.TOKEN)
    return Granted(
        access_token=Secret(told["access_token"]),
        seconds=_seconds(told.get("expires_in")) or _USUAL_SECONDS,
        scopes=frozenset(str(told.get("scope") or "").split()),
        refresh_token=_secret(told.get("refresh_token")),
        refresh_seconds=_seconds(told.get("refresh_token_expires_in")),
        id_token=str(told.get("id_token") or ""),
    )


def failure_told(status: int, told: Mapping[str, Any], answer: Answer | None = None) -> Failure:
    """What a refusal means: Microsoft's number says more than the standard's word."""
    error = str(told.get("error") or "")
    words = str(told.get("error_description") or "")
    text = f"{error}: {words}" if error and words else error or words
    if not text:
        text = f"the sign-in service answered with HTTP status {status}"
    aadsts = _AADSTS.search(words)
    identifier = f"AADSTS{aadsts[1]}" if aadsts else error
    return failure_from_api(
        status,
        text[:_MAX_WORDS],
        stage=Stage.TOKEN,
        identifier=identifier,
        retry_after=wait_told(answer) if answer else 0,
    )


def _secret(value: object) -> Secret | None:
    return Secret(value) if isinstance(value, str) and value else None


def _seconds(value: object) -> int | None:
    """Some say it as a text. None where nothing usable is said."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) else None
