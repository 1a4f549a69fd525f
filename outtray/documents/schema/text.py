"""Texts: one line or several, bounded, in one Unicode form, without control characters."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from outtray.mail.address import Address, AddressError, has_control_character


def _clean(text: str) -> str:
    """NFC, so that a letter and its accent are one glyph and equal texts compare equal."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = unicodedata.normalize("NFC", text).strip()
    if has_control_character(text):
        raise PydanticCustomError(
            "control_character", "must be one line without tabs or control characters."
        )
    return _printable(text)


def _clean_lines(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\t", " ").split("\n")
    return "\n".join(_clean(line) for line in lines).strip("\n")


def _printable(text: str) -> str:
    for character in text:
        if unicodedata.category(character) in {"Cs", "Cn"}:
            raise PydanticCustomError(
                "control_character",
                "holds {sign}, which is no character.",
                {"sign": f"U+{ord(character):04X}"},
            )
    return text


def _email(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return str(Address.parse(text))
    except AddressError as wrong:
        raise PydanticCustomError(
            "not_an_address", "is not usable: {why}.", {"why": str(wrong)}
        ) from wrong


Word = Annotated[str, Field(strict=True, max_length=50), AfterValidator(_clean)]
Name = Annotated[str, Field(strict=True, max_length=200), AfterValidator(_clean)]
Note = Annotated[str, Field(strict=True, max_length=2000), AfterValidator(_clean_lines)]
Email = Annotated[str, Field(strict=True, max_length=320), AfterValidator(_email)]


def _given(text: str) -> str:
    if not text:
        raise PydanticCustomError("missing", "must not be empty.")
    return text


GivenWord = Annotated[Word, AfterValidator(_given)]
GivenName = Annotated[Name, AfterValidator(_given)]
