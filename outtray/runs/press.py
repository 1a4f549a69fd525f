"""A process that makes letters for another one, and ends with it.

    python -m outtray.runs.press

Both speak pickle through the pipes between them, each message behind its length; nobody else
can write into them. It opens no database: all that a letter needs comes with its plan. It is
nicer than the process that answers pages, and when its input ends, so does it.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from contextlib import suppress
from typing import IO, Any

import django

LENGTH = struct.Struct(">Q")
NICER = 5


def main() -> None:
    given, answers = sys.stdin.buffer, _own_output()
    # A stop is for the process that asks; it lets this one finish and then closes the pipe.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.nice(NICER)
    django.setup()
    from outtray.lib.errors import Refused
    from outtray.runs.making import make_all

    with suppress(BrokenPipeError):  # whoever asked has died meanwhile
        while (asked := receive(given)) is not None:
            plans, at = asked
            try:
                send(answers, make_all(plans, at=at))
            except Refused as refused:
                send(answers, refused)


def send(pipe: IO[bytes], value: object) -> None:
    """One message, behind its length."""
    content = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(LENGTH.pack(len(content)) + content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """The next message; None where the other side has gone, even in the middle of it."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(head)
    content = pipe.read(size)
    return pickle.loads(content) if len(content) == size else None  # noqa: S301 - our own pipe


def _own_output() -> IO[bytes]:
    """Answers alone go there: whatever else is printed goes where the log does."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    main()
