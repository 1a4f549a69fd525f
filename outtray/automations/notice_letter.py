"""The letter that tells of a paused mailbox: three files for each of its two kinds."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from string import Template
from zoneinfo import ZoneInfo

from django.conf import settings

from outtray.compose.facts import one_line
from outtray.compose.letter import Letter
from outtray.compose.recipients import Addressee
from outtray.diagnosis.explain import Explanation
from outtray.mail.address import Address, NamedAddress
from outtray.mailboxes.models import Mailbox
from outtray.outbox.accept import MAX_RECIPIENTS
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Person


def notice_letter(
    mailbox: Mailbox, explanation: Explanation, *, carrier: Mailbox, persons: Sequence[Person]
) -> Letter:
    """Says what stopped the mailbox, what helps, who must act, and how many emails wait."""
    # One waits for a person, the other is tried again by itself.
    kind = "waits" if mailbox.paused_until is None else "rests"
    words = _words(mailbox, explanation)
    safe = {name: html.escape(word) for name, word in words.items()}
    steps = [html.escape(step) for step in explanation.steps]
    return Letter(
        sender=_sender(carrier),
        reply_to=None,
        recipients=tuple(map(_addressee, persons[:MAX_RECIPIENTS])),
        subject=one_line(_filled(f"{kind}.subject.txt", words)),
        text=_filled(f"{kind}.txt", {**words, "steps": _numbered(explanation.steps)}),
        html=_filled(f"{kind}.html", {**safe, "steps": _listed(steps)}),
        inline=(),
        enclosures=(),
        party_name="",
        # So that nobody's absence notice answers it.
        headers=(("Auto-Submitted", "auto-generated"),),
    )


def _words(mailbox: Mailbox, explanation: Explanation) -> dict[str, str]:
    queued = Email.objects.filter(mailbox_id=mailbox.pk, state=State.QUEUED)
    return {
        "address": mailbox.address,
        "headline": explanation.headline,
        "who": explanation.who,
        "said": explanation.words or "none",
        "since": _local(mailbox, mailbox.paused_at),
        "until": _local(mailbox, mailbox.paused_until),
        "count": str(queued.count()),
        "link": f"{settings.BASE_URL}/mailboxes/{mailbox.pk}/",
    }


def _local(mailbox: Mailbox, at: datetime | None) -> str:
    if at is None:
        return ""
    zone = mailbox.company.timezone
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"


def _sender(carrier: Mailbox) -> NamedAddress:
    name = one_line(carrier.display_name or carrier.company.name)
    return NamedAddress(name, Address.parse(carrier.address))


def _addressee(person: Person) -> Addressee:
    named = NamedAddress(one_line(person.name), Address.parse(person.email))
    return Addressee("to", named, "Told that a mailbox is paused")


def _numbered(steps: Sequence[str]) -> str:
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))


def _listed(steps: Sequence[str]) -> str:
    return "\n".join(f"<li>{step}</li>" for step in steps)


def _filled(name: str, words: Mapping[str, str]) -> str:
    file = resources.files("outtray.automations").joinpath("notice", name)
    return Template(file.read_text()).substitute(words)
