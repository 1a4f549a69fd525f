"""django-post-office: a project of its own on SQLite, one process that queues, one that sends."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.delivery.running import Running
from benchmarks.feeder import feeding
from benchmarks.installations import started
from benchmarks.sink import Sink

_PROJECT = [sys.executable, "-m", "benchmarks.delivery.post_office_project"]


class PostOffice:
    """Its queue, and `send_queued_mail` again and again."""

    def __init__(self, folder: Path, sink: Sink, stack: ExitStack) -> None:
        self._folder = folder
        self._arguments = [str(folder), str(sink.port)]
        subprocess.run([*_PROJECT, "migrate", *self._arguments], check=True)

    @contextmanager
    def running(self) -> Iterator[Running]:
        send = [*_PROJECT, "send", *self._arguments]
        queue = [*_PROJECT, "queue", *self._arguments]
        with (
            started(send, log=self._folder / "send.log") as sender,
            feeding(queue, log=self._folder / "queue.log") as feeder,
        ):
            yield Running(feeder, (sender,))
