"""Reads the bytes of an import: JSON, exactly, and nothing that only looks like it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import NoReturn

from outtray.documents.problems import shown
from outtray.lib.errors import Refused

MOST_DOCUMENTS = 5_000  # in one file: as many as a large run; each is checked before any is kept

_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive or an Excel file. Unpack it, or save the table as CSV"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive. Unpack it and import the file inside"),
    (b"BZh", "a bzip2 archive. Unpack it and import the file inside"),
    (b"\xfd7zXZ\x00", "an xz archive. Unpack it and import the file inside"),
    (b"7z\xbc\xaf", "a 7-Zip archive. Unpack it and import the file inside"),
    (b"%PDF", "a PDF, not JSON"),
    (b"\xd0\xcf\x11\xe0", "an old Office file. Save its table as CSV and import that"),
    (b"<", "XML or HTML, not JSON"),
)
_UTF16_AND_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class _DuplicateKeyError(ValueError):
    """One object names the same field twice."""


class _NotANumberError(ValueError):
    """NaN or Infinity, which JSON does not have."""


def parse(payload: bytes, *, most_bytes: int) -> list[object]:
    """The documents in the file, as they were written, numbers as exact decimals.

    Raises Refused for what is wrong with the file as a whole.
    """
    refuse_too_large(payload, most_bytes)
    refuse_other_files(payload)
    return _documents_in(_load(_text(payload)))


def refuse_too_large(payload: bytes, most_bytes: int) -> None:
    """Raises Refused for what is larger than may be imported."""
    if len(payload) > most_bytes:
        size, most = len(payload) / 1024**2, most_bytes / 1024**2
        raise Refused(
            "too_large",
            f"The file has {size:,.1f} MB; at most {most:,.0f} MB can be imported at once. "
            "Divide it into several files.",
        )


def refuse_other_files(payload: bytes) -> None:
    """Raises Refused for what is empty, packed, or another program's own."""
    if not payload.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise Refused("empty", "The file is empty.")
    for signature, what in _SIGNATURES:
        if payload.startswith(signature):
            raise Refused("not_json", f"This is {what}.")


def _text(payload: bytes) -> str:
    if payload.startswith(_UTF16_AND_32) or b"\x00" in payload[:4]:
        raise Refused(
            "not_utf8", "The file is written in UTF-16 or UTF-32. Save it as UTF-8 and try again."
        )
    try:
        return payload.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = payload.count(b"\n", 0, wrong.start) + 1
        raise Refused(
            "not_utf8", f"The file is not UTF-8 text (line {line}). Save it as UTF-8 and try again."
        ) from wrong


def _load(text: str) -> object:
    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as wrong:
        raise Refused(
            "not_json",
            f"The file is not JSON: {wrong.msg.lower()}, in line {wrong.lineno}, "
            f"column {wrong.colno}.",
        ) from wrong
    except _DuplicateKeyError as twice:
        raise Refused(
            "duplicate_key", f"The field “{shown(str(twice))}” appears twice in one object."
        ) from twice
    except _NotANumberError as wrong:
        raise Refused("not_json", f"The file is not JSON: {wrong} is no number.") from wrong
    except RecursionError as deep:
        raise Refused("too_deep", "The file is nested too deeply to be documents.") from deep
    except ValueError as wrong:  # whole numbers of thousands of digits
        raise Refused("not_json", "The file holds a number with far too many digits.") from wrong


def _refuse_constant(name: str) -> NoReturn:
    raise _NotANumberError(name)


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise _DuplicateKeyError(next(name for name in names if names.count(name) > 1))
    return made


def _documents_in(loaded: object) -> list[object]:
    """One document, a list of them, or {"documents": [...]}."""
    if isinstance(loaded, dict) and "documents" in loaded and "kind" not in loaded:
        loaded = loaded["documents"]
    if isinstance(loaded, dict):
        loaded = [loaded]
    if not isinstance(loaded, list):
        raise Refused(
            "not_a_document",
            'The file must hold one document, a list of documents, or {"documents": [...]}.',
        )
    if not loaded:
        raise Refused("empty", "The file holds no documents.")
    if len(loaded) > MOST_DOCUMENTS:
        raise Refused(
            "too_many_documents",
            f"The file holds {len(loaded):,} documents; at most {MOST_DOCUMENTS:,} can be "
            "imported at once.",
        )
    return list(loaded)
