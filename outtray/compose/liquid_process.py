"""Texts that people wrote are filled in a process of their own, which may fail alone.

It is started when first needed and kept warm; one request is answered at a time. Its memory
and its processor time are limited by the system (`liquid_worker.py`); beyond `PATIENCE` it is
killed, and the next request starts another. It inherits no environment: no secret is in it.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import IO, Any, cast

from outtray.compose.filling import Parts
from outtray.compose.liquid_worker import LENGTH, MEMORY, framed
from outtray.lib.errors import Refused

PATIENCE = 10.0  # seconds without a sign; a letter takes milliseconds
_START_PATIENCE = 60.0  # a busy machine starts slowly
_TOO_MUCH = "The template takes too long or needs too much memory to be filled."


class LiquidProcess:
    """One such process, and the lock that lets one caller ask it at a time."""

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._starter = 0

    def fill(
        self, texts: Mapping[str, str], values: Mapping[str, object], pictures: Sequence[str]
    ) -> Parts:
        """What `fill_parts` gives, or the refusal that it raises; also where it was killed."""
        done = self._ask({"texts": texts, "values": values, "pictures": list(pictures)})
        return Parts(**done)

    def compile(self, mjml: str) -> str:
        """What `compiled` gives, or the refusal that it raises; also where it was killed."""
        return str(self._ask({"mjml": mjml}))

    @property
    def pid(self) -> int:
        """Of the running process; 0 where there is none."""
        return self._process.pid if self._process else 0

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()

    def _ask(self, request: Mapping[str, object]) -> Any:
        with self._lock:
            answer = self._answer(request)
        if "done" in answer:
            return answer["done"]
        facts = answer.get("facts", {})
        raise Refused(answer["code"], answer["detail"], field=answer.get("field", ""), **facts)

    def _answer(self, request: Mapping[str, object]) -> dict[str, Any]:
        try:
            process = self._started()
            _write(_pipe(process.stdin), framed(request))
            return _read(_pipe(process.stdout), self._patience)
        except (_Silent, BrokenPipeError) as gone:
            self._end()
            raise Refused("template_wrong", _TOO_MUCH) from gone

    def _started(self) -> subprocess.Popen[bytes]:
        """The running process; after a fork a new one, since the old one is the parent's."""
        is_mine = self._starter == os.getpid()
        if self._process is None or not is_mine or self._process.poll() is not None:
            self._process, self._starter = _start(), os.getpid()
            _read(_pipe(self._process.stdout), _START_PATIENCE)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or self._starter != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            _pipe(pipe).close()


class _Silent(Exception):  # noqa: N818 - a fact about the process, not an error of ours
    """It died, or says nothing any more."""


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "outtray.compose.liquid_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
        bufsize=0,
    )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    return cast("IO[bytes]", pipe)


def _write(pipe: IO[bytes], content: bytes) -> None:
    """All of it. The process reads a request before it does anything, so this cannot last."""
    view = memoryview(content)
    while view:
        view = view[pipe.write(view) or 0 :]


def _read(pipe: IO[bytes], patience: float) -> dict[str, Any]:
    size = LENGTH.unpack(_exactly(pipe, LENGTH.size, patience))[0]
    if size > MEMORY:
        raise _Silent
    return cast("dict[str, Any]", json.loads(_exactly(pipe, size, patience)))


def _exactly(pipe: IO[bytes], size: int, patience: float) -> bytes:
    got = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(got) < size:
            if not selector.select(patience):
                raise _Silent
            some = pipe.read(size - len(got))
            if not some:
                raise _Silent
            got += some
    return bytes(got)


LIQUID = LiquidProcess()
atexit.register(LIQUID.close)
