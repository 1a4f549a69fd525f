"""A process of one's own for work that may fail alone: spawned, kept warm, one question at a time.

Both sides speak JSON, each message behind its length in four bytes. The helper inherits no
environment, so no secret is in it. It ends when its input ends and, where that is wished, when
nobody has asked for a while or it has grown; whoever asks next starts another.
"""

from __future__ import annotations

import json
import os
import resource
import select
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from io import FileIO
from typing import IO, Any, cast

_LENGTH = struct.Struct(">I")
_MOST_BYTES = 256 * 1024 * 1024  # of one message
_START_PATIENCE = 60.0  # seconds; a busy machine starts slowly


class HelperGoneError(Exception):
    """It died, or said nothing for longer than it may. The next question starts another."""


class HelperProcess:
    """The asking side. `module` is run with `serve` in it; `patience` is for one answer."""

    def __init__(self, module: str, *, patience: float) -> None:
        self._module, self._patience = module, patience
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, request: Mapping[str, object]) -> Any:
        """The helper's answer. Raises HelperGoneError; then it has been ended."""
        with self._lock:
            try:
                return self._asked(request)
            except (HelperGoneError, BrokenPipeError):
                has_retired = self._has_retired()
                self._end()
                if not has_retired:
                    raise HelperGoneError(self._module) from None
            return self._asked(request)

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()

    @property
    def pid(self) -> int | None:
        """The running process, for those who want to look at it."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def _asked(self, request: Mapping[str, object]) -> Any:
        process = self._started()
        _write(_pipe(process.stdin), request)
        return _read(_pipe(process.stdout), self._patience)

    def _started(self) -> subprocess.Popen[bytes]:
        """The running process; after a fork a new one, since the old one is the parent's."""
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            self._end()
            self._process, self._owner = _start(self._module), os.getpid()
            _read(_pipe(self._process.stdout), _START_PATIENCE)
        return self._process

    def _has_retired(self) -> bool:
        """True if it ended by itself in good order, just as it was asked."""
        try:
            return self._process is not None and self._process.wait(timeout=0.2) == 0
        except subprocess.TimeoutExpired:
            return False

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            _pipe(pipe).close()


def serve(
    answer: Callable[[Mapping[str, Any]], object],
    *,
    idle_seconds: float | None = None,
    most_mb: int | None = None,
) -> None:
    """The helper's side: answer until nobody asks any more, or this process has grown too big."""
    given = FileIO(sys.stdin.fileno(), "r", closefd=False)
    answered = FileIO(sys.stdout.fileno(), "w", closefd=False)
    _write(answered, {"ready": True})
    while True:
        try:
            request = _read(given, idle_seconds)
        except HelperGoneError:
            return
        _write(answered, answer(request))
        if most_mb is not None and _grown_to_mb() > most_mb:
            return


def _grown_to_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _start(module: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - the module is named in our own source
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
        bufsize=0,
    )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    return cast("IO[bytes]", pipe)


def _write(pipe: IO[bytes] | FileIO, value: object) -> None:
    """All of it. The other side reads before it does anything else, so this cannot last."""
    content = json.dumps(value).encode()
    view = memoryview(_LENGTH.pack(len(content)) + content)
    while view:
        view = view[pipe.write(view) or 0 :]


def _read(pipe: IO[bytes] | FileIO, patience: float | None) -> Any:
    size = _LENGTH.unpack(_exactly(pipe, _LENGTH.size, patience))[0]
    if size > _MOST_BYTES:
        raise HelperGoneError
    return json.loads(_exactly(pipe, size, patience))


def _exactly(pipe: IO[bytes] | FileIO, size: int, patience: float | None) -> bytes:
    """So many bytes, no two of them further apart than `patience`; None waits for ever."""
    got = bytearray()
    waiting = select.poll()  # needs no handle of its own, unlike epoll
    waiting.register(pipe, select.POLLIN)
    while len(got) < size:
        if not waiting.poll(None if patience is None else patience * 1000):
            raise HelperGoneError
        some = pipe.read(size - len(got))
        if not some:
            raise HelperGoneError
        got += some
    return bytes(got)
