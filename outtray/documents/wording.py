"""Finds the fixed words of a document: the kind's own first, then those shared by all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from outtray.documents.kinds.base import Kind
from outtray.documents.schema.paper import Paper

_FOLDER = Path(__file__).with_name("words")


class Wording:
    """The words of one document, in its language and, for some kinds, of its variant."""

    def __init__(self, kind: Kind, paper: Paper) -> None:
        self._own = kind.words[paper.language]
        self._shared = shared_words(paper.language)
        self._variant = str(getattr(paper, kind.variant)) if kind.variant else ""

    def say(self, key: str, **facts: str) -> str:
        """The words under this key, with the facts put in."""
        text = self._own.get(f"{key}.{self._variant}") or self._own.get(key) or self._shared[key]
        return text.format(**facts) if facts else text


@cache
def shared_words(language: str) -> Mapping[str, str]:
    """The table of a language."""
    loaded: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return loaded
