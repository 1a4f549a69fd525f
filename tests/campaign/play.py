"""One schedule from its beginning to the audit.

1. Accept the first emails into a fresh database. 2. Let workers send them, and a program add
more, while the faults happen. 3. End all faults: whoever is stopped goes on, after its
claims have run out. 4. Let everything come to rest, by a clock that is turned. 5. Audit.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import Error, connections
from django.db.models import Min, Q

from outtray.delivery.work import DeliveryWork, UpkeepWork
from outtray.mailboxes import health
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.routes import fingerprint_of
from outtray.outbox.claim import TRANSMITTING_LEASE
from outtray.outbox.models import Email, Event
from outtray.outbox.states import State
from tests.campaign import program
from tests.campaign.audit import Findings, audit
from tests.campaign.clock import SharedTime, SlotClock
from tests.campaign.databases import Database
from tests.campaign.schedule import Fault, Kind, Schedule
from tests.campaign.ways import SLOW
from tests.campaign.worker import fork, work
from tests.conftest import TurnedClock
from tests.servers.ledger_process import LedgerProcess

LONGEST = 1.0  # seconds that workers may take, faults included
MOTIONLESS = 0.1  # seconds without any event, after which waiting is over
TAKING_OVER = 0.15  # seconds for others to take over from whoever is stopped
ENDING = 8  # seconds for a worker to end when told to
LONG = timedelta(days=3)  # after which everything has come to an end or waits for somebody
MOST_ROUNDS = 1_000  # at one time, of a few dozen emails
_TICK = 0.01
_PROGRAM = 50  # the slots of those who are not workers
_SELF = 51


class Stage:
    """What is shared by the schedules of one process: database, ledger, clock."""

    def __init__(self, database: Database, ledger: LedgerProcess, folder: Path) -> None:
        self.database = database
        self.ledger = ledger
        self.time = SharedTime()
        self.surprises = folder / "surprises"

    def play(self, schedule: Schedule) -> Findings:
        """Play it, and say what the audit found."""
        self.time.begin()
        self.surprises.unlink(missing_ok=True)
        self.database.begin()
        self.ledger.begin_anew()
        try:
            return _Play(self, schedule).play()
        finally:
            self.database.end()


class _Play:
    def __init__(self, stage: Stage, schedule: Schedule) -> None:
        self._stage = stage
        self._schedule = schedule
        self._clock = SlotClock(stage.time, _SELF)
        self._workers: dict[int, int] = {}  # slot by process id
        self._stopped: set[int] = set()
        self._ids: list[UUID] = []
        self._promised: list[str] = []
        self._last: int | None = None
        self._moved_at = time.monotonic()

    def play(self) -> Findings:
        try:
            return self._played()
        except BaseException:
            for pid in self._workers:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            raise

    def _played(self) -> Findings:
        schedule, stage = self._schedule, self._stage
        for email_id, message_id in program.put(schedule.first, self._clock, begin=0):
            self._ids.append(email_id)
            self._promised.append(message_id)
        connections.close_all()
        stage.ledger.allow(
            greylists=schedule.greylists, recipients_per_message=schedule.recipients_per_message
        )
        if schedule.share:
            stage.ledger.misbehave(schedule.seed, share=schedule.share, slow=SLOW)
        with self._program() as answers:
            for slot in range(schedule.workers):
                self._start_worker(slot, self._faults_of(slot))
            self._let_it_happen()
            self._end_faults()
        self._promised += answers()
        return self._rest()

    # --- processes

    def _faults_of(self, slot: int) -> list[Fault]:
        return [fault for fault in self._schedule.faults if fault.worker == slot]

    def _start_worker(self, slot: int, faults: list[Fault]) -> None:
        schedule, stage = self._schedule, self._stage
        pid = fork(
            lambda: work(
                slot,
                SlotClock(stage.time, slot),
                faults,
                threads=schedule.threads,
                is_stranger=schedule.strangers,
                joins=schedule.joined,
                log=stage.surprises,
            )
        )
        self._workers[pid] = slot

    @contextmanager
    def _program(self) -> Iterator[Callable[[], list[str]]]:
        """Run the program that adds the later emails; answers what it was told of them."""
        schedule = self._schedule
        reading, writing = os.pipe()
        self._adding = fork(
            lambda: program.run(
                schedule.later,
                SlotClock(self._stage.time, _PROGRAM),
                begin=len(schedule.first),
                known=self._ids,
                meddling=schedule.meddling,
                seed=schedule.seed,
                answers=writing,
            )
        )
        os.close(writing)
        told: list[str] = []
        try:
            yield lambda: told
        except BaseException:
            self._kill_program()
            raise
        finally:
            if self._adding:
                os.waitpid(self._adding, 0)
            with os.fdopen(reading) as answers:
                told += answers.read().split()

    def _reap(self) -> None:
        """Notice who has died or stopped; whoever died is started again, without faults."""
        for pid, slot in list(self._workers.items()):
            found, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
            if not found:
                continue
            if os.WIFSTOPPED(status):
                self._stopped.add(pid)
                continue
            del self._workers[pid]
            self._stopped.discard(pid)
            if len(self._workers) == len(self._stopped):
                self._start_worker(slot, [])
        if self._adding and os.waitpid(self._adding, os.WNOHANG)[0]:
            self._adding = 0

    # --- what happens

    def _let_it_happen(self) -> None:
        """Tick until all faults have happened and nothing is left to do, or time is up."""
        begin = time.monotonic()
        deeds = sorted(self._deeds(), key=lambda deed: deed[0])
        while (passed := time.monotonic() - begin) < LONGEST:
            while deeds and deeds[0][0] <= passed:
                deeds.pop(0)[1]()
            self._reap()
            if not deeds and not self._adding and self._is_quiet():
                break
            threading.Event().wait(_TICK)
        for _, deed in deeds:
            deed()

    def _is_quiet(self) -> bool:
        """Whether nothing is left to do, or whoever should do it has not moved for a while."""
        try:
            last = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
            busy = Email.objects.filter(state=State.SENDING) | Email.objects.due(self._clock.now())
            if not busy.order_by().exists():
                return True
        except Error:
            return False
        if last != self._last:
            self._last, self._moved_at = last, time.monotonic()
        return time.monotonic() - self._moved_at > MOTIONLESS

    def _deeds(self) -> Iterator[tuple[float, Callable[[], None]]]:
        for fault in self._schedule.faults:
            match fault.kind:
                case Kind.KILLED:
                    yield fault.at, self._signal(fault.worker, signal.SIGKILL)
                case Kind.STOPPED:
                    yield fault.at, self._signal(fault.worker, signal.SIGSTOP)
                case Kind.CLOCK_JUMPS:
                    yield fault.at, self._jump(fault.worker, fault.seconds)
                case Kind.ALL_CLOCKS_JUMP:
                    yield fault.at, self._jump(None, fault.seconds)
                case Kind.DISK_FULL:
                    yield fault.at, lambda: self._stage.database.fill_disk(list(self._workers))
                    yield (
                        fault.at + fault.seconds,
                        lambda: self._stage.database.make_room(list(self._workers)),
                    )
                case Kind.CONNECTIONS_CUT:
                    yield fault.at, self._stage.database.cut_connections
                case Kind.DATABASE_RESTARTS:
                    yield fault.at, self._stage.database.restart
                case Kind.PROGRAM_KILLED:
                    yield fault.at, self._kill_program

    def _signal(self, slot: int, sign: signal.Signals) -> Callable[[], None]:
        def deed() -> None:
            for pid, its_slot in self._workers.items():
                if its_slot == slot:
                    os.kill(pid, sign)

        return deed

    def _jump(self, slot: int | None, seconds: float) -> Callable[[], None]:
        if slot is None:
            return lambda: self._stage.time.jump_all(seconds)
        return lambda: self._stage.time.jump(slot, seconds)

    def _kill_program(self) -> None:
        if self._adding:
            os.kill(self._adding, signal.SIGKILL)

    # --- the end of it

    def _end_faults(self) -> None:
        """Room on the disk, a good server; the stopped go on when others have taken over."""
        self._stage.database.make_room(list(self._workers))
        if self._stopped:
            self._let_others_take_over()
        for pid in self._workers:
            os.kill(pid, signal.SIGTERM)
            os.kill(pid, signal.SIGCONT)
        deadline = time.monotonic() + ENDING
        while self._workers and time.monotonic() < deadline:
            for pid in list(self._workers):
                if os.waitpid(pid, os.WNOHANG)[0]:
                    del self._workers[pid]
            threading.Event().wait(_TICK)
        for pid in self._workers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _let_others_take_over(self) -> None:
        """Turn the time of all but the stopped past every lease, and let them work."""
        awake = set(self._workers) - self._stopped
        if not awake:
            self._start_worker(self._schedule.workers, [])
        late = TRANSMITTING_LEASE.total_seconds() + 60
        for pid, slot in self._workers.items():
            if pid not in self._stopped:
                self._stage.time.jump(slot, late)
        threading.Event().wait(TAKING_OVER)
        for pid in self._stopped:
            os.kill(pid, signal.SIGCONT)
        threading.Event().wait(TAKING_OVER)

    def _rest(self) -> Findings:
        """Turn the clock from one due time to the next, with a server that behaves."""
        ledger = self._stage.ledger
        ledger.wait_until_quiet()
        ledger.behave()
        clock = TurnedClock(self._stage.time.latest())
        rests = come_to_rest(clock)
        ledger.wait_until_quiet()
        found = audit(self._promised, ledger.counted(), at=clock.now())
        if not rests:
            found.wrong.append("what is due is not done, however often one tries")
        found.wrong += ledger.complaints()
        if self._stage.surprises.exists():
            found.wrong.append(self._stage.surprises.read_text())
        return found


def come_to_rest(clock: TurnedClock, *, heals: int = 2) -> bool:
    """Do all that is due, then turn the clock to what is due next, until nothing is.

    False if something stays due although it is done again and again. What waits longer than
    LONG, behind a mailbox that is probed again and again, is left. So many times a person puts
    right whatever mailbox waits for one.
    """
    works = (UpkeepWork(clock), DeliveryWork(clock))
    never = threading.Event()
    end = clock.now() + LONG
    rounds = 0
    while clock.now() < end and rounds < MOST_ROUNDS:
        rounds += 1
        keys = [(work_, key) for work_ in works for key in work_.due(clock.now())]
        for work_, key in keys:
            work_.do(key, never)
        if any(work_.name == DeliveryWork.name for work_, _ in keys):
            continue
        if heals and _put_right(clock.now()):
            heals -= 1
            continue
        later = _next(clock.now())
        if later is None:
            return True
        rounds = 0
        clock.turn(max(later - clock.now(), timedelta(milliseconds=1)))
    return rounds < MOST_ROUNDS


def _put_right(at: datetime) -> bool:
    """Do as a person does who is asked to; False if nobody was."""
    waiting = list(Mailbox.objects.filter(health=Health.PAUSED, paused_until=None))
    for mailbox in waiting:
        health.mark_validated(mailbox, fingerprint_of(mailbox), at)
    return bool(waiting)


def _next(now: datetime) -> datetime | None:
    """When something is due next."""
    probed = Q(mailbox__health=Health.READY) | Q(mailbox__paused_until__isnull=False)
    waiting = Email.objects.filter(probed, state=State.QUEUED)
    moments = [
        waiting.aggregate(at=Min("due_at"))["at"],
        Email.objects.filter(state=State.QUEUED).aggregate(at=Min("not_after"))["at"],
        Email.objects.filter(state=State.SENDING).aggregate(at=Min("claim_until"))["at"],
        waiting.aggregate(at=Min("mailbox__paused_until"))["at"],
        waiting.aggregate(at=Min("mailbox__quota__rest_until"))["at"],
    ]
    known = [moment for moment in moments if moment]
    ahead = [moment for moment in known if moment > now]
    return min(ahead, default=max(known, default=None))
