"""Marks texts of other scripts with their language and direction, for the layout to obey."""

from __future__ import annotations

import unicodedata

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_LONGEST_CODE = 24  # characters of an item number or link; beyond, it may break anywhere
_LONGEST_WORD = 60  # letters; shorter words are hyphenated by their language
_FIRST_OF_THEM = "\u0590"  # Hebrew: before it stand Latin, Greek, Cyrillic and Armenian
_ZERO_WIDTH_SPACE = "\u200b"


def marked(value: object) -> object:
    """The same data; a text that is not Latin, Greek or Cyrillic becomes {t, lang, rtl}."""
    if isinstance(value, str):
        return _marked_text(value)
    if isinstance(value, list):
        return [marked(entry) for entry in value]
    if isinstance(value, dict):
        return {name: marked(entry) for name, entry in value.items()}
    return value


def _marked_text(text: str) -> object:
    if text.isascii():
        return text
    language = language_of(text)
    if not language:
        return text
    return {"t": text, "lang": language, "rtl": is_right_to_left(text)}


def breakable(text: str) -> str:
    """The text, with places to break in words too long for any column."""
    if len(text) <= _LONGEST_CODE:
        return text
    return " ".join(_broken(word) for word in text.split(" "))


def _broken(word: str) -> str:
    if len(word) <= (_LONGEST_WORD if word.isalpha() else _LONGEST_CODE):
        return word
    pieces = (word[start : start + 8] for start in range(0, len(word), 8))
    return _ZERO_WIDTH_SPACE.join(pieces)


def is_right_to_left(text: str) -> bool:
    """True if the first letter with a direction goes leftwards (Unicode Bidi P2, P3)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in _RIGHT_TO_LEFT:
            return True
        if direction == "L":
            return False
    return False


def language_of(text: str) -> str:
    """The language whose letter forms to use; empty for scripts that need no telling."""
    if max(text, default="") < _FIRST_OF_THEM:
        return ""
    names = {unicodedata.name(character, "").split(" ")[0] for character in text}
    if names & {"HIRAGANA", "KATAKANA"}:
        return "ja"
    if "HANGUL" in names:
        return "ko"
    if "CJK" in names:
        return "zh"
    if "ARABIC" in names:
        return "ar"
    return "he" if "HEBREW" in names else ""
