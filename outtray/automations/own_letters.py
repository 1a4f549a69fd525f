"""What the letters have in common that Outtray itself writes: who carries them, and to whom."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from string import Template
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from outtray.compose.facts import one_line
from outtray.compose.letter import Letter
from outtray.compose.rules.recipients import Addressee
from outtray.mail.address import Address, NamedAddress
from outtray.mailboxes.models import Health, Mailbox, Whose
from outtray.outbox.accept import MAX_RECIPIENTS
from outtray.people.models import Company, Person, Role


def carrier_of(company_id: UUID, *, other_than: Mailbox | None = None) -> Mailbox | None:
    """The default Company Email, or another, or an administrator's User Email, if one works."""
    of_an_administrator = Q(
        owner__is_active=True,
        owner__memberships__company_id=company_id,
        owner__memberships__role=Role.ADMINISTRATOR,
    )
    ready = Mailbox.objects.filter(
        Q(whose=Whose.COMPANY) | of_an_administrator, company_id=company_id, health=Health.READY
    )
    if other_than:
        ready = ready.exclude(pk=other_than.pk)
    return ready.select_related("company").order_by("-is_default", "whose", "created_at").first()


def administrators_of(company_id: UUID) -> list[Person]:
    """Those who are active, the longest there first."""
    return list(
        Person.objects.filter(
            is_active=True,
            memberships__company_id=company_id,
            memberships__role=Role.ADMINISTRATOR,
        ).order_by("created_at")
    )


def own_letter(
    kind: str,
    words: Mapping[str, str],
    *,
    steps: Sequence[str],
    carrier: Mailbox,
    persons: Sequence[Person],
    reason: str,
) -> Letter:
    """A letter of the three files of its kind, filled with words and numbered steps."""
    safe = {name: html.escape(word) for name, word in words.items()}
    listed = "\n".join(f"<li>{html.escape(step)}</li>" for step in steps)
    numbered = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    return Letter(
        sender=_sender(carrier),
        reply_to=None,
        recipients=tuple(_addressee(person, reason) for person in persons[:MAX_RECIPIENTS]),
        subject=one_line(_filled(f"{kind}.subject.txt", words)),
        text=_filled(f"{kind}.txt", {**words, "steps": numbered}),
        html=_filled(f"{kind}.html", {**safe, "steps": listed}),
        inline=(),
        enclosures=(),
        party_name="",
        # So that nobody's absence notice answers it.
        headers=(("Auto-Submitted", "auto-generated"),),
    )


def local_time(company: Company, at: datetime | None) -> str:
    """A moment in the company's own time."""
    if at is None:
        return ""
    return f"{at.astimezone(ZoneInfo(company.timezone)):%Y-%m-%d %H:%M} ({company.timezone})"


def _sender(carrier: Mailbox) -> NamedAddress:
    name = one_line(carrier.display_name or carrier.company.name)
    return NamedAddress(name, Address.parse(carrier.address))


def _addressee(person: Person, reason: str) -> Addressee:
    named = NamedAddress(one_line(person.name), Address.parse(person.email))
    return Addressee("to", named, reason)


def _filled(name: str, words: Mapping[str, str]) -> str:
    file = resources.files("outtray.automations").joinpath("notice", name)
    return Template(file.read_text()).substitute(words)
