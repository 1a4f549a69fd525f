"""What lies in an archive, looked into within bounds: it may have been made to harm who looks.

Of each file only the beginning is unpacked, of archives within archives as much as the budget
allows, and what an archive says of sizes is taken as a claim.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, cast

from outtray.compose.attachments.contents import HEAD, OLE
from outtray.lib.errors import Refused

MAX_ENTRIES = 5_000  # files in all of it; a long presentation has 2,000
MAX_UNPACKED = 50 * 1024 * 1024  # bytes that are unpacked to look
MAX_CLAIMED = 500 * 1024 * 1024  # bytes that its archives say they become
_START = 4 * 1024
_END = b"PK\x05\x06"
_END_SIZE = 22
_MAX_COMMENT = 65_535
_ENCRYPTED = 0x1
_HAS_EXTRA, _HAS_NAME = 0x4, 0x8
_MAX_NAME = 1_024

_BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError,
    ValueError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
Opener = Callable[[IO[bytes]], IO[bytes]]
_OPENERS: tuple[tuple[bytes, Opener], ...] = (
    (b"\x1f\x8b", lambda packed: cast("IO[bytes]", gzip.GzipFile(fileobj=packed))),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\0", lzma.LZMAFile),
)
_CLOSED = {b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z"}


@dataclass(frozen=True, slots=True)
class Inner:
    """A file in an archive: its name, and as much of it as is needed to know what it is.

    `content` is empty where the file is locked by a password, or cannot be unpacked.
    """

    name: str
    content: bytes
    is_locked: bool = False


@dataclass(slots=True)
class Budget:
    """What may still be unpacked of the file that is called so, however deep it lies."""

    name: str
    entries: int = MAX_ENTRIES
    size: int = MAX_UNPACKED
    claimed: int = MAX_CLAIMED

    def take(self, size: int = 0, *, entries: int = 0, claimed: int = 0) -> None:
        """Raises Refused("archive_too_large") when it is spent."""
        self.size -= size
        self.entries -= entries
        self.claimed -= claimed
        if min(self.size, self.entries, self.claimed) < 0:
            raise Refused(
                "archive_too_large",
                f"{self.name} has too many files in it, or unpacks to more than mail systems "
                "look into. Send what is in it in parts.",
                filename=self.name,
            )

    def read(self, packed: IO[bytes], most: int) -> bytes:
        """Unpack up to so many bytes."""
        content = packed.read(min(most, self.size + 1))
        self.take(len(content))
        return content


def is_archive(content: bytes) -> bool:
    """True for what `look_into` can unpack: zip, tar, gzip, bzip2, xz."""
    return (
        content.startswith((b"PK\x03\x04", _END))
        or _is_tar(content)
        or _opener(content) is not None
    )


def closed_archive(content: bytes) -> str:
    """The kind of an archive that cannot be looked into here, such as RAR; else empty."""
    return next((kind for mark, kind in _CLOSED.items() if content.startswith(mark)), "")


def hides_archive(content: bytes) -> bool:
    """True for a file that does not begin as an archive, but ends as one.

    Programs that unpack look at the end: a picture with an archive behind it is both.
    """
    at = content.rfind(_END, max(0, len(content) - _END_SIZE - _MAX_COMMENT))
    if at <= 0 or len(content) < at + _END_SIZE or content.startswith(b"PK"):
        return False
    comment = int.from_bytes(content[at + 20 : at + 22], "little")
    directory = at - int.from_bytes(content[at + 12 : at + 16], "little")
    is_last = at + _END_SIZE + comment == len(content)
    return is_last and content[max(0, directory) :].startswith(b"PK\x01\x02")


def look_into(content: bytes, budget: Budget, *, name: str) -> Iterator[Inner]:
    """The files in an archive of this name. A damaged archive ends where it is damaged.

    Raises Refused("archive_too_large") where the budget is spent.
    """
    try:
        if content.startswith(b"PK"):
            yield from _in_zip(content, budget)
        elif _is_tar(content):
            yield from _in_tar(io.BytesIO(content), budget)
        else:
            yield from _in_packed(content, budget, name)
    except _BROKEN:
        return


def _in_zip(content: bytes, budget: Budget) -> Iterator[Inner]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        budget.take(entries=len(entries), claimed=sum(entry.file_size for entry in entries))
        for entry in entries:
            if entry.flag_bits & _ENCRYPTED:
                yield Inner(_last(entry.filename), b"", is_locked=True)
            elif not entry.is_dir():
                yield Inner(_last(entry.filename), _read_entry(archive, entry, budget))


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> bytes:
    try:
        with archive.open(entry) as packed:
            return _enough(packed, budget)
    except _BROKEN:
        return b""


def _in_tar(packed: IO[bytes], budget: Budget) -> Iterator[Inner]:
    """One after the other, so that no more is unpacked than was counted."""
    with tarfile.open(fileobj=packed, mode="r|") as archive:
        for member in archive:
            budget.take(member.size, entries=1)
            file = archive.extractfile(member) if member.isfile() else None
            if file:
                yield Inner(_last(member.name), _enough(file, budget))


def _in_packed(content: bytes, budget: Budget, name: str) -> Iterator[Inner]:
    """The one file that was packed; where that is a tar, the files in it.

    It is called as the archive is without its ending, or as a gzip says: programs take either.
    """
    if told := _told_name(content):
        yield Inner(_last(told), b"")
    opener = _opener(content)
    assert opener, "only what can be unpacked is looked into"
    with opener(io.BytesIO(content)) as packed:
        is_tar = _is_tar(budget.read(packed, _START))
    with opener(io.BytesIO(content)) as packed:
        if is_tar:
            yield from _in_tar(packed, budget)
        else:
            yield Inner(_without_ending(name), _enough(packed, budget))


def _told_name(content: bytes) -> str:
    """How a gzip calls the file in it (RFC 1952 §2.3); empty if it does not say."""
    if not content.startswith(b"\x1f\x8b") or not content[3:4] or not content[3] & _HAS_NAME:
        return ""
    at = 10
    if content[3] & _HAS_EXTRA:
        at += 2 + int.from_bytes(content[at : at + 2], "little")
    return content[at : at + _MAX_NAME].partition(b"\0")[0].decode("latin-1")


def _enough(packed: IO[bytes], budget: Budget) -> bytes:
    """As much as tells what it is: a little, where the mark of a disk image may stand some
    more, and all of what itself has files in it."""
    start = budget.read(packed, _START)
    if is_archive(start) or start.startswith(OLE):
        return start + budget.read(packed, MAX_UNPACKED)
    if not start.strip(b"\0"):
        return start + budget.read(packed, HEAD - _START)
    return start


def _opener(content: bytes) -> Opener | None:
    return next((opener for mark, opener in _OPENERS if content.startswith(mark)), None)


def _is_tar(content: bytes) -> bool:
    return content[257:262] == b"ustar"


def _without_ending(name: str) -> str:
    """What a packed file is called when it is unpacked."""
    return name.rpartition(".")[0] or name


def _last(path: str) -> str:
    """The name alone: what lies in folders is called by its last part."""
    return path.replace("\\", "/").rpartition("/")[2]
