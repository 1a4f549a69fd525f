"""Takes wake-ups from PostgreSQL as they are announced, in a thread with its own event loop."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Protocol

from procrastinate import App, PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Status

from outtray.engine.postgresql.base import QUEUE, TASK
from outtray.lib.clock import Clock

log = logging.getLogger("outtray.engine")

AT_ONCE = 4  # wake-ups in hand; each takes two short queries
CONNECTIONS = 3
POLL = 5.0  # seconds after which a wake-up is found whose announcement was lost
DEAD = 60.0  # seconds without a sign of life until a process's wake-ups are cleared away
AGAIN = 1.0  # seconds until the next try to reach the database
ENDS = 2.0  # seconds that an end of listening may take


class Give(Protocol):
    """Where a wake-up goes."""

    def __call__(self, work: str, key: str, *, urgent: bool = False) -> None: ...


class _Connector(PsycopgConnector):
    """Listens again when the database is back. Procrastinate's own tries that once, mostly too
    soon, and goes on to poll without a word."""

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        names = tuple(channels)
        while True:
            try:
                await super().listen_notify(on_notification, names)
            except ConnectorException as problem:
                log.warning("wake-ups do not arrive", extra={"problem": repr(problem)})
            await asyncio.sleep(AGAIN)


class Listener:
    """Gives each wake-up that this process gets to the engine of this process."""

    def __init__(self, give: Give, clock: Clock) -> None:
        self._give = give
        self._clock = clock
        self._stop = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take no more wake-ups. May be called again."""
        self._stop.set()
        if self._loop and self._task:
            with suppress(RuntimeError):  # this loop is over, and no other one follows
                self._loop.call_soon_threadsafe(self._task.cancel)
        if self._thread.is_alive():
            self._thread.join(ENDS)

    def _run(self) -> None:
        """Listen until stopped, however often the database goes away meanwhile."""
        while not self._stop.is_set():
            try:
                asyncio.run(self._listen())
            except asyncio.CancelledError:
                return
            except Exception as problem:  # noqa: BLE001 - outermost loop; the sweep goes on
                log.warning("wake-ups do not arrive", extra={"problem": repr(problem)})
            self._clock.wait(self._stop, AGAIN)

    async def _listen(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        if self._stop.is_set():
            return
        app = App(connector=_Connector(kwargs=_parameters(), min_size=1, max_size=CONNECTIONS))

        @app.task(name=TASK, queue=QUEUE)
        async def wake(work: str, key: str, *, urgent: bool) -> None:
            self._give(work, key, urgent=urgent)

        async with app.open_async():
            await _clear_away(app)
            await app.run_worker_async(
                queues=[QUEUE],
                concurrency=AT_ONCE,
                fetch_job_polling_interval=POLL,
                delete_jobs=DeleteJobCondition.ALWAYS,
                stalled_worker_timeout=DEAD,
                install_signal_handlers=False,
            )


def _parameters() -> dict[str, Any]:
    """Django's own, for connections that need no promise of the disk: wake-ups may be lost."""
    given = connector_params()
    return {
        **given,
        "application_name": f"{given.get('application_name', 'outtray')} wake-ups",
        "options": f"{given.get('options', '')} -c synchronous_commit=off".strip(),
    }


async def _clear_away(app: App) -> None:
    """Delete the wake-ups that processes had in hand when they died."""
    jobs = app.job_manager
    for job in await jobs.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=DEAD):
        await jobs.finish_job(job, status=Status.ABORTED, delete_job=True)
