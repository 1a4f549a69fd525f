"""SPF (RFC 7208): may the provider's servers send for the domain?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from outtray.diagnosis.domain.values import Advice, Sender, Subject, Verdict
from outtray.transports.detection.deadline import Deadline
from outtray.transports.names import Names, NoWord

MOST_LOOK_UPS = 10  # RFC 7208 §4.6.4
_GIVE_UP = 25  # records that we read at most; past this the answer is the same
_ASKS = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
_SECONDS = 1.0  # for one record


def spf(sender: Sender, names: Names, deadline: Deadline) -> Advice:
    """What is to be said of the domain's SPF record."""
    records = _records(sender.domain, names, deadline)
    if isinstance(records, NoWord):
        return Advice(Subject.SPF, Verdict.UNKNOWN, f"SPF: {records.text}.")
    if not records:
        return _none(sender)
    if len(records) > 1:
        return _several(sender, records)
    record = records[0]
    if any(term.name == "all" and term.qualifier == "+" for term in _terms(record)):
        return _for_anybody(sender, record)
    walk = _Walk(names, deadline)
    walk.read(record)
    return _judged(sender, record, walk)


@dataclass(frozen=True, slots=True)
class _Term:
    qualifier: str
    name: str
    value: str


@dataclass(slots=True)
class _Walk:
    """A record with all that it includes: who is named, and how many look-ups that takes."""

    names: Names
    deadline: Deadline
    look_ups: int = 0
    named: set[str] = field(default_factory=set)
    is_whole: bool = True

    def read(self, record: str) -> None:
        for term in _terms(record):
            if term.name not in _ASKS:
                continue
            self.look_ups += 1
            if term.name in {"include", "redirect"}:
                self._follow(term.value)

    def _follow(self, domain: str) -> None:
        if domain in self.named:
            return
        self.named.add(domain)
        if "%" in domain or self.look_ups > _GIVE_UP:
            self.is_whole = False
            return
        records = _records(domain, self.names, self.deadline)
        if isinstance(records, NoWord):
            self.is_whole = False
        elif len(records) == 1:
            self.read(records[0])


def _records(domain: str, names: Names, deadline: Deadline) -> tuple[str, ...] | NoWord:
    if not deadline.left:
        return NoWord(f"{domain} could not be looked up in time", is_late=True)
    texts = names.texts(domain, seconds=min(_SECONDS, deadline.left))
    if isinstance(texts, NoWord):
        return texts
    return tuple(text for text in texts if text.lower().split(" ")[0] == "v=spf1")


def _terms(record: str) -> list[_Term]:
    """The mechanisms and modifiers of a record, in small letters."""
    found = []
    for word in record.lower().split()[1:]:
        qualifier = word[0] if word[0] in "+-~?" else "+"
        bare = word.lstrip("+-~?")
        name = bare.replace("=", ":").replace("/", ":").partition(":")[0]
        found.append(_Term(qualifier, name, bare[len(name) + 1 :]))
    return found


def _none(sender: Sender) -> Advice:
    if sender.wanted.has_own_return:
        return _not_asked_for(sender, "")
    wanted = sender.wanted.spf_to_add
    sentence = (
        f"{sender.domain} has no SPF record, so receivers cannot tell its mail from forgeries."
    )
    if not wanted:
        sentence += f" Ask {sender.provider_name} what to put into it."
    value = f"v=spf1 include:{wanted} ~all" if wanted else ""
    return _advised(sender, sentence, value, "")


def _several(sender: Sender, records: Sequence[str]) -> Advice:
    """RFC 7208 §4.5: more than one is an error, whatever they say."""
    sentence = (
        f"{sender.domain} has {len(records)} SPF records, and receivers then believe none of "
        "them. Put them together into one."
    )
    words = [word for record in records for word in record.split()[1:]]
    kept = [word for word in dict.fromkeys(words) if not _is_all(word)]
    return _advised(sender, sentence, " ".join(["v=spf1", *kept, "~all"]), " | ".join(records))


def _for_anybody(sender: Sender, record: str) -> Advice:
    sentence = f"The SPF record of {sender.domain} ends with +all: it lets anybody send for it."
    kept = [word for word in record.split() if not _is_all(word)]
    return _advised(sender, sentence, " ".join([*kept, "~all"]), record)


def _judged(sender: Sender, record: str, walk: _Walk) -> Advice:
    if walk.look_ups > MOST_LOOK_UPS:
        sentence = (
            f"The SPF record of {sender.domain} needs {walk.look_ups} look-ups. Receivers make 10 "
            "and then take it for broken. Take out the services that no longer send for you."
        )
        return _advised(sender, sentence, "", record)
    wanted = sender.wanted
    if walk.named.intersection(wanted.spf):
        sentence = f"The SPF record of {sender.domain} lets {sender.provider_name} send for it."
        return Advice(Subject.SPF, Verdict.OK, sentence, seen=record)
    if wanted.has_own_return:
        return _not_asked_for(sender, record)
    if not wanted.spf:
        sentence = (
            f"{sender.domain} has one SPF record without a fault. Whether it names the servers of "
            "this mailbox, its provider knows."
        )
        return Advice(Subject.SPF, Verdict.OK, sentence, seen=record)
    if not walk.is_whole:
        sentence = f"The SPF record of {sender.domain} could not be followed to its end just now."
        return Advice(Subject.SPF, Verdict.UNKNOWN, sentence, seen=record)
    sentence = (
        f"The SPF record of {sender.domain} does not name {sender.provider_name}, so what leaves "
        "there looks forged to receivers."
    )
    return _advised(sender, sentence, _with(record, wanted.spf_to_add), record)


def _not_asked_for(sender: Sender, record: str) -> Advice:
    sentence = (
        f"{sender.provider_name} sends with a return address of its own, so SPF does not speak of "
        f"{sender.domain}. What counts there is DKIM."
    )
    return Advice(Subject.SPF, Verdict.OK, sentence, seen=record)


def _with(record: str, sender: str) -> str:
    """The record with one more sender, before its end; nothing if the sender is not known."""
    if not sender:
        return ""
    words = record.split()
    ends = (place for place, word in enumerate(words) if _is_all(word) or "redirect=" in word)
    words.insert(next(ends, len(words)), f"include:{sender}")
    return " ".join(words)


def _is_all(word: str) -> bool:
    return word.lower().lstrip("+-~?") == "all"


def _advised(sender: Sender, sentence: str, value: str, seen: str) -> Advice:
    return Advice(
        Subject.SPF,
        Verdict.ADVICE,
        sentence,
        name=sender.domain if value else "",
        kind="TXT" if value else "",
        value=value,
        seen=seen,
    )
