"""The two forms of a backup: a folder, or one tar file."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol


class Archive(Protocol):
    """Files under names, written once and read back."""

    def writing(self) -> AbstractContextManager[None]:
        """Begin; at the end all is on disk."""

    def add(self, name: str, source: Path) -> None:
        """Copy a file under this name, for its owner alone."""

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Every file again, with its name."""


class FolderArchive:
    """A folder that can be put in the place of the data folder as it is."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @contextmanager
    def writing(self) -> Iterator[None]:
        self._root.mkdir(mode=0o700)
        yield
        os.sync()

    def add(self, name: str, source: Path) -> None:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(source, path)
        path.chmod(0o600)

    def contents(self) -> Iterator[tuple[str, bytes]]:
        for path in sorted(self._root.rglob("*")):
            if path.is_file():
                yield path.relative_to(self._root).as_posix(), path.read_bytes()


class TarArchive:
    """The same files in one tar file, for its owner alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def writing(self) -> Iterator[None]:
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as self._tar:
                yield
            file.flush()
            os.fsync(file.fileno())

    def add(self, name: str, source: Path) -> None:
        self._tar.add(source, arcname=name, recursive=False, filter=_owned)

    def contents(self) -> Iterator[tuple[str, bytes]]:
        with tarfile.open(self._path) as tar:
            for member in tar:
                file = tar.extractfile(member)
                assert file, "only files were added"
                yield member.name, file.read()


def _owned(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """No names of this machine's users, and no rights for others."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
