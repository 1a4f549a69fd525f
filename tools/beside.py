"""Run two lanes of commands side by side. What the second says follows when both have ended.

    python -m tools.beside "first command" "second command then third command"

No shell's `&`: what a shell starts so ignores Ctrl-C, and its children do too.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
import threading
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


def main(first: str, second: str) -> int:
    with tempfile.TemporaryFile() as said:
        lanes = [Lane(first), Lane(second, said)]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
        said.seek(0)
        sys.stdout.buffer.write(said.read())
        sys.stdout.flush()
    return int(any(lane.has_failed for lane in lanes))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
