"""Run lanes of commands side by side. What the others say follows when all have ended.

    python -m tools.beside "first command" "second command then third command"

No shell's `&`: what a shell starts so ignores Ctrl-C, and its children do too.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from typing import IO


class Lane(threading.Thread):
    """Commands one after the other, each whatever became of those before it."""

    def __init__(self, commands: str, said: IO[bytes] | None = None) -> None:
        super().__init__()
        self._commands = [shlex.split(command) for command in commands.split(" then ")]
        self._said = said
        self.has_failed = False

    def run(self) -> None:
        for command in self._commands:
            ended = subprocess.run(command, stdout=self._said, stderr=self._said, check=False)
            self.has_failed = self.has_failed or ended.returncode != 0


def main(first: str, *others: str) -> int:
    with ExitStack() as stack:
        said = [stack.enter_context(tempfile.TemporaryFile()) for _ in others]
        lanes = [Lane(first), *(Lane(*each) for each in zip(others, said, strict=True))]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
        for each in said:
            each.seek(0)
            sys.stdout.buffer.write(each.read())
        sys.stdout.flush()
    return int(any(lane.has_failed for lane in lanes))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
