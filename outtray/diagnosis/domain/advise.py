"""Advice on the domain of a sender: SPF, DKIM and DMARC, side by side."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from outtray.diagnosis.domain.dkim import dkim
from outtray.diagnosis.domain.dmarc import dmarc
from outtray.diagnosis.domain.spf import spf
from outtray.diagnosis.domain.values import Advice, Sender, Subject, Verdict
from outtray.mail.address import Address
from outtray.mailboxes.detection.detect import site_reach
from outtray.mailboxes.presets import preset_for
from outtray.transports.detection.deadline import Deadline
from outtray.transports.detection.together import together
from outtray.transports.names import Names

SECONDS = 2.0  # for all of it
_ASKED: dict[Subject, Callable[[Sender, Names, Deadline], Advice]] = {
    Subject.SPF: spf,
    Subject.DKIM: dkim,
    Subject.DMARC: dmarc,
}


def advise(
    address: str, provider: str, *, names: Names | None = None, seconds: float = SECONDS
) -> list[Advice]:
    """What to do for the domain of an address that sends through a provider (a preset's id, or
    empty), after `seconds` at the latest.

    Empty where there is nothing of ours to look at: the domain is the provider's own, or this
    installation asks nobody. Raises AddressError for what is no address.
    """
    return begin_advice(address, provider, names=names, seconds=seconds)()


def begin_advice(
    address: str, provider: str, *, names: Names | None = None, seconds: float = SECONDS
) -> Callable[[], list[Advice]]:
    """As `advise`, beside something else: it is looked up from now on, and told when called."""
    sender = Sender(Address.parse(address).domain, provider)
    asked = names or _site_names()
    if asked is None or preset_for(address):
        return list
    deadline = Deadline(seconds)
    questions = {
        str(subject): partial(look, sender, asked, deadline) for subject, look in _ASKED.items()
    }
    answers = together(questions, deadline)

    def told() -> list[Advice]:
        back = {answer.name: answer.answer for answer in answers}
        return [back[subject] or _late(subject, sender) for subject in _ASKED]

    return told


def _site_names() -> Names | None:
    reach = site_reach()
    return reach.names if reach else None


def _late(subject: Subject, sender: Sender) -> Advice:
    sentence = f"{subject.upper()} of {sender.domain} could not be looked up in time."
    return Advice(subject, Verdict.UNKNOWN, sentence)
