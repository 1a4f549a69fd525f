"""Find the settings of a mailbox from its address, within two seconds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.conf import settings as site

from outtray.lib.errors import Refused
from outtray.lib.rate import Rate, TooManyRequests
from outtray.mail.address import Address, AddressError
from outtray.mailboxes.detection.judge import by_domain, gateway, judge
from outtray.mailboxes.detection.values import Confidence, Detection, Report, State
from outtray.mailboxes.models import OAuthApp
from outtray.mailboxes.presets import preset_for
from outtray.people.models import Membership
from outtray.transports.detection.deadline import Deadline
from outtray.transports.detection.sources import (
    ASKED,
    GUESSING,
    SECONDS,
    Answer,
    Source,
    ask_all,
    ask_usual_names,
)
from outtray.transports.detection.together import Back
from outtray.transports.detection.values import Heard, Nothing, Reach
from outtray.transports.names import Names

# Each detection asks strangers' servers; typing an address slowly makes three or four.
LIMIT = Rate(burst=60, per_second=0.1)


def detect_for(membership: Membership, text: str, *, at: datetime) -> Detection:
    """As `detect`, for a person: with the reach of this installation, and not too often.

    Refuses what is no address (`bad_address`), and who asks too often (`too_many_detections`).
    """
    address = _address(text)
    if preset_for(str(address)):
        return _as_registered(membership, detect(address, None))
    try:
        LIMIT.take(str(membership.person_id), at=at)
    except TooManyRequests as many:
        raise Refused(
            "too_many_detections",
            f"Too many addresses were looked up in a short time. Wait {many.seconds} seconds, or "
            "enter the server by hand.",
        ) from many
    return _as_registered(membership, detect(address, site_reach()))


def site_reach() -> Reach | None:
    """What this installation lets detection ask; None if it may ask nobody."""
    if not site.DETECTION:
        return None
    return Reach(
        names=Names(tuple(site.NAME_SERVERS)),
        allow_local=site.ALLOW_LOCAL,
        allow_networks=tuple(site.ALLOW_NETWORKS),
        ca_file=site.CA_FILE,
    )


def detect(
    address: Address | str,
    reach: Reach | None,
    *,
    seconds: float = SECONDS,
    guessing: float = GUESSING,
) -> Detection:
    """Where the mailbox of an address is. Without `reach` nobody is asked but the presets.

    Ends after `seconds` at the latest, of which the last `guessing` are for the usual names;
    and at once when no source that is still out could know better.
    """
    address = _address(address) if isinstance(address, str) else address
    preset = preset_for(str(address))
    if preset:
        known = tuple(by_domain(preset, address))
        return Detection(str(address), address.domain, known, _preset_reports(known[0].because))
    if reach is None:
        return Detection(str(address), address.domain)
    return _asked(address, reach, seconds, guessing)


def _as_registered(membership: Membership, detection: Detection) -> Detection:
    """Signing in comes first at a provider where the company has registered Outtray for that."""
    best = detection.best
    apps = OAuthApp.objects.filter(company_id=membership.company_id).exclude(client_id="")
    registered = set(apps.values_list("provider", flat=True)) if best else set()
    first = [
        other
        for other in detection.proposals
        if best and other.sign_in in registered and other.provider == best.provider
    ][:1]
    rest = [proposal for proposal in detection.proposals if proposal not in first]
    return replace(detection, proposals=(*first, *rest))


def _address(text: str) -> Address:
    try:
        return Address.parse(text)
    except AddressError as wrong:
        raise Refused("bad_address", f"{wrong}.".capitalize(), field="address") from wrong


def _preset_reports(because: str) -> tuple[Report, ...]:
    return (Report(Source.PRESET, State.FOUND, because, 0),)


def _asked(address: Address, reach: Reach, seconds: float, guessing: float) -> Detection:
    whole, first = Deadline(seconds), Deadline(seconds - guessing)
    reports: list[Report] = []
    heard: dict[Source, Heard] = {}
    out = set(ASKED)
    for back in ask_all(address, reach, first):
        source = Source(back.name)
        out.discard(source)
        reports.append(_report(source, back))
        if isinstance(back.answer, Heard):
            heard[source] = back.answer
        if _is_settled(address, heard, out):
            break
    found = judge(address, heard)
    if not found:
        hidden = gateway(heard)
        mail_hosts = () if hidden or Source.MX not in heard else heard[Source.MX].mail_hosts
        guesses = ask_usual_names(address, mail_hosts, reach, whole)
        reports.append(_report_guesses(guesses))
        found = [
            proposal
            for guess in guesses
            if isinstance(guess.answer, Heard)
            for proposal in judge(address, {Source.GUESS: guess.answer})
        ]
    reports.sort(key=lambda report: list(Source).index(Source(report.source)))
    return Detection(str(address), address.domain, tuple(found), tuple(reports), gateway(heard))


def _is_settled(address: Address, heard: dict[Source, Heard], out: Iterable[Source]) -> bool:
    """Whether the best that is known is sure, and from a source above all that are out."""
    best = next(iter(judge(address, heard)), None)
    order = list(Source)
    return (
        best is not None
        and best.confidence is Confidence.SURE
        and all(order.index(Source(best.source)) < order.index(source) for source in out)
    )


def _report(source: Source, back: Back[Answer]) -> Report:
    if back.answer is None:
        return Report(source, State.SKIPPED, "was not back in time", back.milliseconds)
    state = State.FOUND
    if isinstance(back.answer, Nothing):
        state = State.TROUBLE if back.answer.is_trouble else State.NOTHING
        state = State.SKIPPED if back.answer.is_late else state
    return Report(source, state, back.answer.told, back.milliseconds)


def _report_guesses(guesses: list[Back[Answer]]) -> Report:
    """One line for all the names that were tried."""
    longest = max(guess.milliseconds for guess in guesses)
    greeted = [guess.answer.told for guess in guesses if isinstance(guess.answer, Heard)]
    if greeted:
        return Report(Source.GUESS, State.FOUND, "; ".join(greeted), longest)
    if any(_is_late(guess.answer) for guess in guesses):
        return Report(Source.GUESS, State.SKIPPED, "no usual name answered in time", longest)
    return Report(Source.GUESS, State.NOTHING, "no usual name is that of a mail server", longest)


def _is_late(answer: Answer | None) -> bool:
    return answer is None or (isinstance(answer, Nothing) and answer.is_late)
