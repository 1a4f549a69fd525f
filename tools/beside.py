"""Run two commands side by side. What the second says follows when both have ended.

    python -m tools.beside "first command" "second command"

No shell's `&`: what a shell starts so ignores Ctrl-C, and its children do too.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile


def main(first: str, second: str) -> int:
    with tempfile.TemporaryFile() as said:
        beside = subprocess.Popen(shlex.split(second), stdout=said, stderr=subprocess.STDOUT)
        here = subprocess.run(shlex.split(first), check=False)
        beside.wait()
        said.seek(0)
        sys.stdout.buffer.write(said.read())
        sys.stdout.flush()
    return here.returncode or beside.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
