"""All sources by name, in the order in which they are trusted, and how they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial

from outtray.mail.address import Address
from outtray.transports.detection import autoconfig, guess, microsoft, records
from outtray.transports.detection.deadline import Deadline
from outtray.transports.detection.together import Back, together
from outtray.transports.detection.values import Heard, Nothing, Reach

Answer = Heard | Nothing
Ask = Callable[[Address, Reach], Answer]

SECONDS = 1.9  # for all of a detection: the page has it within two
GUESSING = 0.7  # of these, for what is guessed if nothing else is back


class Source(StrEnum):
    """Where something is known from."""

    PRESET = "preset"
    MX = "mx"
    SRV = "srv"
    AUTOCONFIG = "autoconfig"
    WELL_KNOWN = "well_known"
    DATABASE = "ispdb"
    DATABASE_BY_MX = "ispdb_by_mx"
    EXCHANGE = "exchange"
    MICROSOFT = "microsoft"
    SPF = "spf"
    GUESS = "guess"


ASKED: Mapping[Source, Ask] = {
    Source.MX: records.mx,
    Source.SRV: records.srv,
    Source.AUTOCONFIG: autoconfig.at_autoconfig_host,
    Source.WELL_KNOWN: autoconfig.at_well_known,
    Source.DATABASE: autoconfig.in_database,
    Source.DATABASE_BY_MX: autoconfig.in_database_by_mx,
    Source.EXCHANGE: microsoft.exchange,
    Source.MICROSOFT: microsoft.tenant,
    Source.SPF: records.spf,
}


def ask_all(address: Address, reach: Reach, deadline: Deadline) -> Iterator[Back[Answer]]:
    """What each source says, as it comes in; named by Source."""
    reach = reach.until(deadline)
    questions = {str(source): partial(ask, address, reach) for source, ask in ASKED.items()}
    return together(questions, deadline)


def ask_usual_names(
    address: Address, mail_hosts: Sequence[str], reach: Reach, deadline: Deadline
) -> list[Back[Answer]]:
    """What answers under the usual names, the most likely first."""
    questions = guess.candidates(address, mail_hosts, reach.until(deadline))
    back = {answer.name: answer for answer in together(questions, deadline)}
    return [back[name] for name in questions]
