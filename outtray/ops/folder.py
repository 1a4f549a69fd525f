"""The data folder: made for its owner alone, and said in words when it cannot be used."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from outtray.lib.disk import is_full
from outtray.lib.errors import Refused


def make_folder(folder: Path) -> Path:
    """Make the folder, readable by its owner alone. Refuses where it cannot be written."""
    with speaking(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"room?")
            trial.flush()
    return folder


def write_once(path: Path, text: str) -> None:
    """Write a file for its owner alone, whole or not at all; an existing one stays as it is."""
    with speaking(path.parent), tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
        place_once(Path(file.name), path)


def place_once(finished: Path, path: Path) -> None:
    """Give a finished file its name, unless another process was first."""
    with suppress(FileExistsError):
        os.link(finished, path)


@contextmanager
def speaking(folder: Path) -> Iterator[None]:
    """Turn the system's troubles with a folder into a refusal that names it."""
    try:
        yield
    except OSError as problem:
        raise trouble(folder, problem) from problem


def trouble(folder: Path, problem: OSError) -> Refused:
    """The refusal for a folder that the system will not let us use."""
    if is_full(problem):
        return Refused("disk_full", f"The disk that holds {folder} is full. Make room first.")
    reason = (problem.strerror or str(problem)).lower()
    return Refused(
        "folder_not_writable",
        f"The folder {folder} cannot be written ({reason}). Give it to the user that runs "
        "Outtray, or choose another one; OUTTRAY_DATA names the data folder.",
    )
