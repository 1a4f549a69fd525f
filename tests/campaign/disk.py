"""A small disk that can be full: a mounted file system where mounting is allowed."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTES = 96


class SmallDisk:
    """A folder on a disk. Where it could be mounted, `fill` takes all the room that is left."""

    def __init__(self, folder: Path, *, can_be_filled: bool) -> None:
        self.folder = folder
        self.can_be_filled = can_be_filled
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Leave no room."""
        free = shutil.disk_usage(self.folder).free
        with self._filler.open("ab") as file, contextlib.suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, free)
        with self._filler.open("ab") as file:
            _write_until_full(file.fileno())

    def make_room(self) -> None:
        self._filler.unlink(missing_ok=True)


def _write_until_full(file: int) -> None:
    try:
        while True:
            os.write(file, bytes(4096))
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A disk in memory at this folder, or the folder itself where mounting is not allowed."""
    folder.mkdir()
    options = f"size={MEGABYTES}m,mode=755"
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    is_mounted = not subprocess.run(mount, capture_output=True, check=False).returncode
    try:
        yield SmallDisk(folder, can_be_filled=is_mounted)
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
