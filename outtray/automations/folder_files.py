"""Files of a watched folder, opened and moved without ever following a link.

All is done relative to open folders, so that a folder that is swapped for a link between two
steps leads nowhere else.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

DONE, REFUSED = "done", "refused"
TAKING = ".taking"  # where a file lies while it is imported
_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")
_LONGEST_NAME = 180  # bytes of a name that is kept, below the 255 that file systems take


class NotAFileError(Exception):
    """The entry is a link, a pipe or a device. The text says which."""


@dataclass(frozen=True, slots=True)
class Read:
    """A file's bytes, no more than asked for, and its stamp before and after."""

    content: bytes
    stamp: str


class Folder:
    """An open folder with its places for what was taken."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def names(self) -> list[str]:
        """The entries that may be taken, in their order; no folders, nothing unfinished."""
        with os.scandir(self._handle) as entries:
            found = [entry.name for entry in entries if not entry.is_dir(follow_symlinks=False)]
        return sorted(name for name in found if _is_finished(name))

    def stamp(self, name: str) -> str:
        """What changes whenever the file does; empty if it is gone."""
        try:
            return _stamp(os.stat(name, dir_fd=self._handle, follow_symlinks=False))
        except FileNotFoundError:
            return ""

    def read(self, name: str, *, most: int) -> Read:
        """The file's bytes, one more than `most` at the utmost. Raises OSError, NotAFileError."""
        about = os.stat(name, dir_fd=self._handle, follow_symlinks=False)
        if stat.S_ISLNK(about.st_mode):
            raise NotAFileError("It is a link, and links are not followed.")
        if not stat.S_ISREG(about.st_mode):
            raise NotAFileError("It is not a file.")
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        handle = os.open(name, flags, dir_fd=self._handle)
        with os.fdopen(handle, "rb") as file:
            before = _stamp(os.fstat(file.fileno()))
            content = file.read(most + 1)
            after = _stamp(os.fstat(file.fileno()))
        return Read(content, after if before == after else "")

    def move(self, name: str, to: Folder, new_name: str) -> None:
        """Move an entry, as itself, to a name that is free."""
        os.rename(name, new_name, src_dir_fd=self._handle, dst_dir_fd=to._handle)

    def write_new(self, name: str, text: str) -> None:
        """Write a file that is not there yet; one that is stays."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with suppress(FileExistsError):
            handle = os.open(name, flags, 0o640, dir_fd=self._handle)
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
                file.write(text)

    @contextmanager
    def within(self, name: str) -> Iterator[Folder]:
        """A folder in this one, made if it is not there."""
        with suppress(FileExistsError):
            os.mkdir(name, 0o750, dir_fd=self._handle)
        with _opened(name, self._handle) as handle:
            yield Folder(handle)


@contextmanager
def open_folder(path: Path) -> Iterator[Folder]:
    """Open a folder that is no link. Raises OSError."""
    with _opened(str(path), None) as handle:
        yield Folder(handle)


@contextmanager
def _opened(name: str, within: int | None) -> Iterator[int]:
    handle = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=within)
    try:
        yield handle
    finally:
        os.close(handle)


def kept_name(name: str, at: datetime) -> str:
    """The time in front, so that the same name can come every day."""
    raw = os.fsencode(name)[-_LONGEST_NAME:]
    return f"{at:%Y-%m-%dT%H%M%S.%f}-{raw.decode(errors='ignore')}"


def _is_finished(name: str) -> bool:
    return not name.startswith((".", "~")) and not name.lower().endswith(_UNFINISHED)


def _stamp(about: os.stat_result) -> str:
    return f"{about.st_ino}/{about.st_size}/{about.st_mtime_ns}"
