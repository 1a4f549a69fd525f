"""One serving process a data folder: the kernel's lock on a file in it.

The lock ends with the process, however it ends, so there is never a stale one to remove.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from outtray.lib.errors import Refused
from outtray.ops.folder import speaking

LOCK_FILE = "serving.lock"


@contextmanager
def sole_server(folder: Path) -> Iterator[None]:
    """Be the only one who serves from this folder. Refuses while another process does."""
    with speaking(folder):
        handle = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(handle, folder)
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


def _take(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as taken:
        holder = os.read(handle, 20).decode(errors="replace").strip()
        who = f" (process {holder})" if holder.isdigit() else ""
        raise Refused(
            "already_serving",
            f"Another Outtray{who} is already serving from {folder}. Stop it first, "
            "or give this one a folder of its own in OUTTRAY_DATA.",
        ) from taken
