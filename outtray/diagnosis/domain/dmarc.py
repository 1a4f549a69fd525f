"""DMARC (RFC 7489): what receivers do with mail that neither SPF nor DKIM vouches for."""

from __future__ import annotations

from collections.abc import Mapping

from outtray.diagnosis.domain.values import Advice, Sender, Subject, Verdict
from outtray.transports.detection.deadline import Deadline
from outtray.transports.names import Names, NoWord

_SECONDS = 1.0  # for one name
_MOST_NAMES = 4  # the domain, and those above it
_MEANS = {
    "none": "Receivers only report forgeries (p=none).",
    "quarantine": "Receivers put forgeries into the junk folder (p=quarantine).",
    "reject": "Receivers refuse forgeries (p=reject).",
}


def dmarc(sender: Sender, names: Names, deadline: Deadline) -> Advice:
    """What is to be said of the DMARC record of the domain, or of one above it."""
    for domain in _at_or_above(sender.domain):
        records = _records(domain, names, deadline)
        if isinstance(records, NoWord):
            return Advice(Subject.DMARC, Verdict.UNKNOWN, f"DMARC: {records.text}.")
        if len(records) > 1:
            return _several(domain, records)
        if records:
            return _judged(sender, domain, records[0])
    sentence = (
        f"{sender.domain} has no DMARC record. Gmail, Yahoo and Outlook.com want one from whoever "
        "sends them much mail; p=none changes nothing else."
    )
    return _advised(sender.domain, sentence, "v=DMARC1; p=none", "")


def _at_or_above(domain: str) -> list[str]:
    """The domain and those above it, without the last label: nobody knows who registers what,
    and a registry publishes no record."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))][:_MOST_NAMES]


def _records(domain: str, names: Names, deadline: Deadline) -> tuple[str, ...] | NoWord:
    if not deadline.left:
        return NoWord(f"_dmarc.{domain} could not be looked up in time", is_late=True)
    texts = names.texts(f"_dmarc.{domain}", seconds=min(_SECONDS, deadline.left))
    if isinstance(texts, NoWord):
        return texts
    return tuple(text for text in texts if text.replace(" ", "").startswith("v=DMARC1"))


def _several(domain: str, records: tuple[str, ...]) -> Advice:
    sentence = (
        f"{domain} has {len(records)} DMARC records, and receivers then believe none of them. Keep "
        "one."
    )
    return _advised(domain, sentence, records[0], " | ".join(records))


def _judged(sender: Sender, domain: str, record: str) -> Advice:
    tags = _tags(record)
    policy = tags.get("p", "")
    if domain != sender.domain:
        policy = tags.get("sp", policy)
    if policy not in _MEANS:
        sentence = f"The DMARC record of {domain} names no policy that receivers know."
        return _advised(domain, sentence, "v=DMARC1; p=none", record)
    sentence = f"{_MEANS[policy]} {_alignment(sender, tags)}"
    return Advice(Subject.DMARC, Verdict.OK, sentence, name=f"_dmarc.{domain}", seen=record)


def _tags(record: str) -> Mapping[str, str]:
    pairs = (tag.partition("=") for tag in record.split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}


def _alignment(sender: Sender, tags: Mapping[str, str]) -> str:
    """Whose domain has to be vouched for."""
    is_strict = tags.get("adkim") == "s"
    whose = f"{sender.domain} itself" if is_strict else f"{sender.domain} or its parent domain"
    if sender.wanted.has_own_return:
        return f"Mail passes if {sender.provider_name} signs it by DKIM for {whose}."
    return f"Mail passes if SPF or DKIM holds for {whose}."


def _advised(domain: str, sentence: str, value: str, seen: str) -> Advice:
    return Advice(
        Subject.DMARC,
        Verdict.ADVICE,
        sentence,
        name=f"_dmarc.{domain}",
        kind="TXT",
        value=value,
        seen=seen,
    )
