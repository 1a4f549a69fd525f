"""What happens in one schedule, drawn from its seed and nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from outtray.delivery.worker import Step

SPAN = 0.35  # seconds in which faults happen


class Kind(StrEnum):
    """What can happen."""

    KILLED_AT_STEP = "killed at step"
    KILLED_AT_STATEMENT = "killed at statement"
    KILLED = "killed"
    STOPPED_AT_STEP = "stopped at step"
    STOPPED = "stopped"
    CLOCK_JUMPS = "clock jumps"
    ALL_CLOCKS_JUMP = "all clocks jump"
    DISK_FULL = "disk full"
    DATABASE_RESTARTS = "database restarts"
    CONNECTIONS_CUT = "connections cut"
    PROGRAM_KILLED = "program killed"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    At a step or statement it happens when the worker comes there for the `number`th time;
    otherwise `at` that many seconds after the start, for `seconds`.
    """

    kind: Kind
    worker: int = 0
    step: int = 0
    number: int = 1
    at: float = 0
    seconds: float = 0

    def __str__(self) -> str:
        match self.kind:
            case Kind.KILLED_AT_STEP | Kind.STOPPED_AT_STEP:
                return (
                    f"worker {self.worker} {self.kind} {Step(self.step).name}, time {self.number}"
                )
            case Kind.KILLED_AT_STATEMENT:
                return f"worker {self.worker} {self.kind} {self.number}"
            case Kind.KILLED | Kind.STOPPED:
                return f"worker {self.worker} {self.kind} at {self.at:.3f} s"
            case Kind.CLOCK_JUMPS:
                return (
                    f"worker {self.worker}'s clock jumps {self.seconds:+.0f} s at {self.at:.3f} s"
                )
            case _:
                return f"{self.kind} at {self.at:.3f} s ({self.seconds:.2f} s)"


@dataclass(frozen=True, slots=True)
class Letter:
    """An email to be: whose mailbox it leaves from, and to how many."""

    mailbox: int
    recipients: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that a seed decides.

    `first` lie in the queue before the workers start, `later` are added by a program while
    they work, which also holds and cancels with the chance `meddling`. `strangers` are
    workers on machines of their own, whose death only shows by their claims running out.
    `share` is how much of the conversation goes wrong.
    """

    seed: int
    mailboxes: int
    workers: int
    threads: int
    strangers: bool
    joined: bool
    first: tuple[Letter, ...]
    later: tuple[Letter, ...]
    meddling: float
    share: float
    greylists: bool
    recipients_per_message: int
    faults: tuple[Fault, ...]

    @property
    def emails(self) -> int:
        return len(self.first) + len(self.later)

    def __str__(self) -> str:
        where = "machines" if self.strangers else "processes"
        where = f"joined {where}" if self.joined else where
        lines = [
            f"seed {self.seed}: {self.emails} emails, {self.mailboxes} mailboxes, "
            f"{self.workers} {where} of {self.threads} threads, "
            f"{self.share:.0%} of the conversation goes wrong",
            *map(str, self.faults),
        ]
        return "\n    ".join(lines)


def draw(seed: int, *, database: str) -> Schedule:
    """The schedule of this seed on this database."""
    dice = random.Random(f"{seed} {database}")
    mailboxes, workers = dice.randint(1, 3), dice.randint(1, 4)
    letters = [
        Letter(dice.randrange(mailboxes), dice.choice((1, 1, 1, 2, 3)))
        for _ in range(dice.randint(5, 20))
    ]
    early = dice.randint(len(letters) // 2, len(letters))
    return Schedule(
        seed=seed,
        mailboxes=mailboxes,
        workers=workers,
        threads=dice.randint(1, 3),
        strangers=dice.random() < 0.3,
        joined=database == "postgresql" and dice.random() < 0.5,
        first=tuple(letters[:early]),
        later=tuple(letters[early:]),
        meddling=dice.choice((0, 0.1, 0.3)),
        share=dice.choice((0, 0, 0.02, 0.05, 0.1, 0.3)),
        greylists=dice.random() < 0.1,
        recipients_per_message=dice.choice((0, 0, 0, 1, 2)),
        faults=tuple(_fault(dice, workers, database) for _ in range(dice.randint(1, 6))),
    )


def _fault(dice: random.Random, workers: int, database: str) -> Fault:
    makers, weights = zip(*_CHANCES[database], strict=True)
    maker: Callable[[random.Random, int], Fault] = dice.choices(makers, weights)[0]
    return maker(dice, dice.randrange(workers))


def _at_step(kind: Kind) -> Callable[[random.Random, int], Fault]:
    def maker(dice: random.Random, worker: int) -> Fault:
        return Fault(kind, worker, step=dice.choice(list(Step)), number=dice.randint(1, 6))

    return maker


def _at_statement(dice: random.Random, worker: int) -> Fault:
    return Fault(Kind.KILLED_AT_STATEMENT, worker, number=dice.randint(1, 150))


def _at_time(kind: Kind) -> Callable[[random.Random, int], Fault]:
    def maker(dice: random.Random, worker: int) -> Fault:
        return Fault(kind, worker, at=dice.uniform(0, SPAN), seconds=dice.uniform(0.02, 0.2))

    return maker


def _clock(kind: Kind) -> Callable[[random.Random, int], Fault]:
    def maker(dice: random.Random, worker: int) -> Fault:
        jump = dice.choice((-3600, -400, -30, 30, 200, 301, 700, 1300, 7200, 90_000))
        return Fault(kind, worker, at=dice.uniform(0, SPAN), seconds=jump)

    return maker


_EVERYWHERE = (
    (_at_step(Kind.KILLED_AT_STEP), 6),
    (_at_statement, 4),
    (_at_time(Kind.KILLED), 4),
    (_at_step(Kind.STOPPED_AT_STEP), 3),
    (_at_time(Kind.STOPPED), 2),
    (_clock(Kind.CLOCK_JUMPS), 2),
    (_clock(Kind.ALL_CLOCKS_JUMP), 1),
    (_at_time(Kind.DISK_FULL), 2),
    (_at_time(Kind.PROGRAM_KILLED), 1),
)
_CHANCES = {
    "sqlite": _EVERYWHERE,
    "postgresql": (
        *_EVERYWHERE,
        (_at_time(Kind.CONNECTIONS_CUT), 2),
        (_at_time(Kind.DATABASE_RESTARTS), 1),
    ),
}
