"""Finds out how a CSV file is written: its encoding, its delimiter, its rows.

RFC 4180 is what most programs come near to. Excel writes the delimiter of the machine's
language, sometimes with a first line `sep=;` that says so.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from outtray.lib.errors import Refused

DELIMITERS = {";": "Semicolon", ",": "Comma", "\t": "Tab", "|": "Vertical bar"}
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows, Western Europe (1252)",
    "iso8859-15": "ISO 8859-15, Western Europe",
    "cp1250": "Windows, Central Europe (1250)",
    "cp850": "DOS, Western Europe (850)",
    "mac-roman": "Mac Roman",
    "utf-16": "UTF-16",
}
MOST_COLUMNS = 200
MOST_ROWS = 200_000
_LONGEST_CELL = 10_000
_LOOKED_AT = 50  # rows by which the delimiter is chosen
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=([;,\t|])\r?\n", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file as text: its header, and the rows below it with their numbers.

    `repeated` are the columns of the header that share their name with another, and that name.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    encoding: str
    delimiter: str
    repeated: Mapping[str, str] = field(default_factory=dict)

    def column(self, index: int) -> Iterator[str]:
        """The cells of a column that are not empty."""
        for _, row in self.rows:
            if index < len(row) and row[index]:
                yield row[index]


def read_table(content: bytes, *, encoding: str = "", delimiter: str = "") -> Table:
    """The table, as it says itself or as it was said to be. Raises Refused, with the row."""
    encoding = encoding or encoding_of(content)
    told, text = told_delimiter(text_of(content, encoding))
    skipped = 1 if told else 0
    delimiter = delimiter or told or delimiter_of(text)
    rows = [
        (number + skipped, tuple(cell.strip() for cell in row))
        for number, row in _rows(text, delimiter)
        if any(cell.strip() for cell in row)
    ]
    if len(rows) < 2:
        raise Refused("empty", "The table has no rows below its header.")
    names = [" ".join(cell.split())[:100] for cell in rows[0][1]]
    header = unique_names(names)
    repeated = _repeated(header, names)
    return Table(header, tuple(rows[1:]), encoding, delimiter, repeated)


def encoding_of(content: bytes) -> str:
    """The encoding that a mark at the beginning names; else UTF-8 if it can be, else Windows'."""
    for mark, name in _BOMS:
        if content.startswith(mark):
            return name
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def told_delimiter(text: str) -> tuple[str, str]:
    """The delimiter that a first line `sep=;` tells, or nothing, and the text below it."""
    told = _SEPARATOR_LINE.match(text)
    return (told[1], text[told.end() :]) if told else ("", text)


def delimiter_of(text: str) -> str:
    """What divides the first rows into the same number of cells, the more the better."""
    return max(DELIMITERS, key=lambda sign: _evenness(text, sign))


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    widths: Counter[int] = Counter()
    try:
        for _, row in _rows(text, delimiter):
            if row:
                widths[len(row)] += 1
            if widths.total() >= _LOOKED_AT:
                break
    except Refused:
        return (0.0, 0)
    usual, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(1, 0))
    return (count / widths.total(), usual) if usual > 1 else (0.0, 0)


def text_of(content: bytes, encoding: str) -> str:
    """The text in one of ENCODINGS. Raises Refused where it is none in that."""
    if encoding not in ENCODINGS:
        raise Refused("unknown_encoding", "This encoding is not known.", field="encoding")
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        raise Refused(
            "wrong_encoding",
            f"Line {line} is not written in {ENCODINGS[encoding]}. Choose another encoding.",
            field="encoding",
        ) from wrong
    if "\x00" in text:
        raise Refused("not_csv", "The file holds zero bytes, so it is no text.")
    return text


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number that a table program shows for it."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            raise Refused(
                "not_csv", f"Row {number} of the table cannot be read: {wrong}."
            ) from wrong
        _refuse_excess(number, row)
        yield number, row


def _refuse_excess(number: int, row: Sequence[str]) -> None:
    if number > MOST_ROWS:
        raise Refused(
            "too_many_rows",
            f"The table has more than {MOST_ROWS:,} rows. Divide it into several files.",
        )
    if len(row) > MOST_COLUMNS:
        raise Refused(
            "not_csv", f"Row {number} has more than {MOST_COLUMNS} cells, so it is no such table."
        )
    if any(len(cell) > _LONGEST_CELL for cell in row):
        raise Refused(
            "not_csv", f"A cell of row {number} has more than {_LONGEST_CELL:,} characters."
        )


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Names, each once: what has none or the same again is told apart by its column."""
    header: list[str] = []
    for position, given in enumerate(names, start=1):
        name = given or f"Column {position}"
        header.append(f"{name} ({position})" if name in header else name)
    return tuple(header)


def _repeated(header: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    counts = Counter(name.casefold() for name in names if name)
    return {
        column: name
        for column, name in zip(header, names, strict=True)
        if counts[name.casefold()] > 1
    }
