"""Ids as they come in addresses and forms, and stamps of what a page shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from uuid import UUID

from django.urls import reverse


def uuid_or_none(text: str | None) -> UUID | None:
    """The id that somebody wrote, or None if it is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def uuids(texts: Iterable[str]) -> list[UUID]:
    """The ids among these texts, each once, also where several stand in one with commas."""
    parts = (part for text in texts for part in text.split(","))
    found = (uuid_or_none(part.strip()) for part in parts)
    return list(dict.fromkeys(each for each in found if each))


def address_of(name: str, pk: UUID) -> str:
    """Where the page of that one is: what `reverse` says, without asking it for each of many."""
    before, after = _around(name)
    return f"{before}{pk}{after}"


def stamp(*shown: object) -> str:
    """The same as long as all that is shown is."""
    return hashlib.blake2s(repr(shown).encode(), digest_size=8).hexdigest()


@cache
def _around(name: str) -> tuple[str, str]:
    anyone = UUID(int=0)
    before, _, after = reverse(name, args=[anyone]).partition(str(anyone))
    return before, after
