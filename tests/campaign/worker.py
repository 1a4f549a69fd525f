"""What a forked worker process does: the product's engine, until it is killed or told to stop."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import Error, close_old_connections, connections, transaction
from django.db.backends.signals import connection_created

from outtray.delivery.parked import Park
from outtray.delivery.sitting import sit
from outtray.delivery.work import DeliveryWork, UpkeepWork
from outtray.delivery.worker import Step, Worker
from outtray.engine import base
from outtray.engine.embedded import EmbeddedEngine
from outtray.lib.clock import Clock
from outtray.mailboxes.waking import parts_of
from outtray.outbox import recover
from outtray.outbox.claim import Claim
from tests.campaign.schedule import Fault, Kind

if TYPE_CHECKING:
    from outtray.engine.cluster import ClusterEngine

GRACE = 5  # seconds in which a worker that is told to stop has ended

Watch = Callable[[Step, Claim], None]


def fork(task: Callable[[], None]) -> int:
    """Run this in a child process that dies with us; its process id.

    Database connections are closed first: two processes cannot share one. No other thread
    may run here.
    """
    connections.close_all()
    # A child that is told to stop at once must not do so by our own handler.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    pid = os.fork()
    if pid:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        return pid
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    _die_with_parent()
    code = 1
    try:
        task()
        code = 0
    except BaseException:  # noqa: BLE001 - nothing may return into the parent's code
        traceback.print_exc()
    finally:
        os._exit(code)


def work(
    slot: int,
    clock: Clock,
    faults: Sequence[Fault],
    *,
    threads: int,
    is_stranger: bool,
    joins: bool,
    log: Path,
) -> None:
    """Deliver until SIGTERM, suffering these faults.

    `joins` makes it one of a cluster, which shares mailboxes out; otherwise it sits down with
    any mailbox at any time, and only claims keep it right.
    """
    told_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told_to_stop.set())
    if is_stranger:
        _move_to(f"machine-{slot}-{os.getpid()}")
    keep_surprises(log)
    _suffer_at_statements(faults)
    engine = _engine(clock, _suffer_at_steps(faults), threads=threads, joins=joins)
    base.use(engine)
    engine.start()
    told_to_stop.wait()
    engine.stop(GRACE)


def _move_to(machine: str) -> None:
    """As if this process ran on another machine, where nobody can tell whether it lives."""
    socket.gethostname = lambda: machine
    recover._place.cache_clear()


def _engine(
    clock: Clock, watch: Watch, *, threads: int, joins: bool
) -> EmbeddedEngine | ClusterEngine:
    """As the product builds it, or one that does not know of the others."""
    park = Park()
    works = (_WatchedDelivery(clock, park, watch), UpkeepWork(clock, park))
    if joins:
        from outtray.engine.cluster import ClusterEngine

        return ClusterEngine(
            works,
            threads=threads,
            clock=clock,
            before=close_old_connections,
            leave=connections.close_all,
            at_end=park.close,
        )
    return EmbeddedEngine(
        works,
        threads=threads,
        clock=clock,
        before=close_old_connections,
        leave=connections.close_all,
        after_commit=transaction.on_commit,
        at_end=park.close,
    )


class _WatchedDelivery(DeliveryWork):
    """Delivery whose steps are watched."""

    def __init__(self, clock: Clock, park: Park, watch: Watch) -> None:
        super().__init__(clock, park)
        self._watch = watch

    def do(self, key: str, stop: threading.Event) -> datetime | None:
        name = recover.worker_name(threading.current_thread().name)
        mailbox_id, connection = parts_of(key)
        worker = Worker(name, self.clock, stop, self._watch, self.park)
        return sit(mailbox_id, worker, connection)


def _suffer_at_steps(faults: Sequence[Fault]) -> Watch:
    deeds = {Kind.KILLED_AT_STEP: signal.SIGKILL, Kind.STOPPED_AT_STEP: signal.SIGSTOP}
    suffered = [fault for fault in faults if fault.kind in deeds]
    seen: Counter[int] = Counter()

    def watch(step: Step, claim: Claim) -> None:
        seen[step] += 1
        for fault in suffered:
            if fault.step == step and fault.number == seen[step]:
                os.kill(os.getpid(), deeds[fault.kind])

    return watch


def _suffer_at_statements(faults: Sequence[Fault]) -> None:
    """Die right before a certain statement, which is mostly in the middle of a transaction."""
    fatal = {fault.number for fault in faults if fault.kind is Kind.KILLED_AT_STATEMENT}
    if not fatal:
        return
    count = iter(range(1, 10**9))

    def count_and_die(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if next(count) in fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    def watch_statements(connection: Any, **_: object) -> None:
        connection.execute_wrappers.append(count_and_die)

    connection_created.connect(watch_statements, weak=False)


class _Surprises(logging.Handler):
    """Keeps what was logged with an exception that no fault of a schedule explains."""

    def __init__(self, file: Path) -> None:
        super().__init__(logging.ERROR)
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        problem = record.exc_info[1] if record.exc_info else None
        if problem is None or _is_of_the_database(problem):
            return
        text = "".join(traceback.format_exception(problem))
        with self._file.open("a") as file:
            file.write(f"{record.getMessage()}\n{text}\n")


def _is_of_the_database(problem: BaseException | None) -> bool:
    """Whether it is, or comes from, what a database that goes away does to its clients."""
    while problem:
        if isinstance(problem, Error) or type(problem).__module__.startswith("psycopg"):
            return True
        problem = problem.__cause__
    return False


def keep_surprises(file: Path) -> None:
    """Write down exceptions that are none of the database's; say nothing else."""
    root = logging.getLogger()
    for name in ("", "outtray", "django", "django.db.backends"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    root.addHandler(_Surprises(file))


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
