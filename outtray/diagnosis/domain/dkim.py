"""DKIM (RFC 6376): can the provider's signature for the domain be checked?

A key can only be looked for by its selector, and the sender alone knows which one he uses. So
the provider's usual ones are tried, and where there are none that is said.
"""

from __future__ import annotations

from outtray.diagnosis.domain.values import Advice, Sender, Subject, Verdict
from outtray.transports.detection.deadline import Deadline
from outtray.transports.names import Names, NoWord

_SECONDS = 1.0  # for one selector


def dkim(sender: Sender, names: Names, deadline: Deadline) -> Advice:
    """What is to be said of the domain's DKIM keys."""
    selectors = sender.wanted.selectors
    if not selectors:
        sentence = (
            f"Under which name {sender.provider_name} keeps a DKIM key for {sender.domain} is not "
            "known here. Its own pages tell whether it signs your mail."
        )
        return _unknown(sentence)
    revoked = ""
    for selector in selectors:
        key = _key(f"{selector}._domainkey.{sender.domain}", names, deadline)
        if isinstance(key, NoWord):
            return _unknown(f"DKIM: {key.text}.")
        if key.strip():
            sentence = f"{sender.domain} publishes a DKIM key of {sender.provider_name}."
            return Advice(Subject.DKIM, Verdict.OK, sentence, seen=f"{selector}._domainkey")
        revoked = revoked or (selector if key else "")
    return _none(sender, revoked)


def _key(name: str, names: Names, deadline: Deadline) -> str | NoWord:
    """The key that is published there, a blank for one that was revoked, or nothing."""
    if not deadline.left:
        return NoWord(f"{name} could not be looked up in time", is_late=True)
    texts = names.texts(name, seconds=min(_SECONDS, deadline.left))
    if isinstance(texts, NoWord):
        return texts
    tags = [
        {name.strip(): value for name, _, value in (tag.partition("=") for tag in text.split(";"))}
        for text in texts
    ]
    keys = [tag["p"].strip() or " " for tag in tags if "p" in tag]
    return max(keys, default="")


def _none(sender: Sender, revoked: str) -> Advice:
    wanted = sender.wanted
    selector = revoked or wanted.selectors[0]
    if not wanted.is_fixed and not revoked:
        sentence = (
            f"No DKIM key of {sender.domain} was found under the usual names at "
            f"{sender.provider_name} ({', '.join(wanted.selectors)}). You may have chosen another "
            "name there; otherwise switch DKIM on."
        )
        return _unknown(sentence)
    what = "has been taken back" if revoked else "is missing"
    sentence = (
        f"The DKIM key of {sender.domain} {what}, so what {sender.provider_name} sends carries no "
        "signature that can be checked. Switch DKIM on in its administration."
    )
    alias = wanted.dkim_alias.format(
        selector=selector, short=selector.partition("-")[0], domain=sender.domain
    )
    return Advice(
        Subject.DKIM,
        Verdict.ADVICE,
        sentence,
        name=f"{selector}._domainkey.{sender.domain}" if alias else "",
        kind="CNAME" if alias else "",
        value=alias,
    )


def _unknown(sentence: str) -> Advice:
    return Advice(Subject.DKIM, Verdict.UNKNOWN, sentence)
