"""Bytes that never change, kept in files named by their own SHA-256.

What is put together lies together in one file, a sheaf: bringing a file to the disk for good
takes longer than making a message. The name of such a blob tells its place in the sheaf.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Protocol

_NAME = re.compile(r"([0-9a-f]{64})(?:\.([0-9]{1,12})\.([0-9]{1,12}))?")


def file_of(name: str) -> str:
    """The name of the file in which a blob lies."""
    return name.partition(".")[0]


class BlobMissing(Exception):  # noqa: N818
    """The blob is not in the store, though its name was kept: the store was damaged."""


class Blobs(Protocol):
    """Where message bytes, PDFs and logos are kept."""

    def put(self, content: bytes) -> str:
        """Keep the bytes for good and return their name. On return they are on disk."""

    def put_all(self, contents: Sequence[bytes]) -> list[str]:
        """Keep all of these for good and return their names. On return they are on disk."""

    def get(self, name: str) -> bytes:
        """The bytes of that name. Raises BlobMissing."""


class FileBlobs:
    """A folder of blobs, in 256 subfolders. Putting the same bytes twice is one file.

    Deleting the folder's temporary files while nothing runs is always safe.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes) -> str:
        return self._put_file([content])

    def put_all(self, contents: Sequence[bytes]) -> list[str]:
        if len(contents) < 2:
            return [self.put(content) for content in contents]
        sheaf = self._put_file(contents)
        ends = list(accumulate(map(len, contents)))
        return [
            f"{sheaf}.{end - len(content)}.{len(content)}"
            for content, end in zip(contents, ends, strict=True)
        ]

    def get(self, name: str) -> bytes:
        place = _NAME.fullmatch(name)
        if place is None:
            raise BlobMissing(name)
        file, start, size = place.groups()
        try:
            with open(self._place(file), "rb", buffering=0) as whole:
                if size is None:
                    return whole.readall()
                content = os.pread(whole.fileno(), int(size), int(start))
        except FileNotFoundError as missing:
            raise BlobMissing(name) from missing
        if len(content) != int(size):
            raise BlobMissing(name)
        return content

    def _place(self, file: str) -> str:
        return os.path.join(self.root, file[:2], file[2:])

    def _put_file(self, contents: Sequence[bytes]) -> str:
        digest = hashlib.sha256()
        for content in contents:
            digest.update(content)
        path = Path(self._place(digest.hexdigest()))
        if not path.exists():
            self._write(path, contents)
        return digest.hexdigest()

    def _write(self, path: Path, contents: Sequence[bytes]) -> None:
        """Write beside, sync, rename, sync the folder: a crash leaves all of it or none."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(contents)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
