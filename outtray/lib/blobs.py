"""Bytes that never change, kept as files named by their own SHA-256."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Protocol


class BlobMissing(Exception):  # noqa: N818
    """The blob is not in the store, though its name was kept: the store was damaged."""


class Blobs(Protocol):
    """Where message bytes, PDFs and logos are kept."""

    def put(self, content: bytes) -> str:
        """Keep the bytes for good and return their name. On return they are on disk."""

    def get(self, name: str) -> bytes:
        """The bytes of that name. Raises BlobMissing."""


class FileBlobs:
    """A folder of blobs, in 256 subfolders. Putting the same bytes twice is one file.

    Deleting the folder's temporary files while nothing runs is always safe.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes) -> str:
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        if not path.exists():
            self._write(path, content)
        return name

    def get(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as missing:
            raise BlobMissing(name) from missing

    def _path(self, name: str) -> Path:
        if len(name) != 64 or not name.isalnum():
            raise BlobMissing(name)
        return self.root / name[:2] / name[2:]

    def _write(self, path: Path, content: bytes) -> None:
        """Write beside, sync, rename, sync the folder: a crash leaves all of it or none."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
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
