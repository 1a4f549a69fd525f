"""The sidebar: its sections, their entries, and which entry the page belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse

from outtray.documents.kinds.registry import KINDS
from outtray.mailboxes.models import Health, Mailbox, Whose
from outtray.people.models import Membership


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go. `counts` shows how many emails wait for a person, `paused` how many of
    the mailboxes set up there are paused.
    """

    label: str
    icon: str
    href: str
    counts: bool = False
    paused: int = 0
    children: tuple[Entry, ...] = ()
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under a common title; the first section has none."""

    title: str
    entries: tuple[Entry, ...]


def sections_for(membership: Membership, path: str) -> list[Section]:
    """What this person can open, with the entry of this path marked."""
    sections = [
        Section("", tuple(_work())),
        Section("Set-up", tuple(_set_up(membership))),
    ]
    current = _nearest(sections, path)
    return [
        replace(section, entries=tuple(_marked(entry, current) for entry in section.entries))
        for section in sections
    ]


def _work() -> Iterator[Entry]:
    yield _to("Home", "home", "home")
    yield replace(_to("Documents", "files", "documents"), children=_centres())
    yield replace(_to("Email Queue", "send", "queue"), counts=True)
    yield _to("Runs", "stack-2", "runs")
    yield _to("Drafts", "edit", "drafts")
    yield _to("Parties", "users", "parties")
    yield _to("Templates", "mail-cog", "templates")
    if settings.DEMO_MAILS:
        yield _to("Demo inbox", "inbox", "demo_inbox")


def _set_up(membership: Membership) -> Iterator[Entry]:
    paused = _paused(membership)
    yield replace(_to("User Email Setup", "at", "user_email"), paused=paused[Whose.USER])
    if membership.is_administrator:
        company_emails = _to("Company Email Setup", "building", "company_emails")
        yield replace(company_emails, paused=paused[Whose.COMPANY])
        yield _to("Settings", "settings", "company")


def _paused(membership: Membership) -> Counter[str]:
    """How many of each kind are paused among those that this person sets up."""
    mine = Mailbox.objects.usable_by(membership).filter(health=Health.PAUSED)
    return Counter(mine.values_list("whose", flat=True))


def _centres() -> tuple[Entry, ...]:
    return tuple(_to(kind.plural("en"), "", "centre", kind.name) for kind in KINDS.values())


def _to(label: str, icon: str, name: str, *args: str) -> Entry:
    return Entry(label, icon, reverse(name, args=args))


def _nearest(sections: list[Section], path: str) -> str:
    """The longest address that the path begins with; home only for itself."""
    hrefs = [
        href
        for section in sections
        for entry in section.entries
        for href in (entry.href, *(child.href for child in entry.children))
    ]
    fitting = [href for href in hrefs if path == href or (href != "/" and path.startswith(href))]
    return max(fitting, key=len, default="")


def _marked(entry: Entry, current: str) -> Entry:
    children = tuple(_marked(child, current) for child in entry.children)
    return replace(entry, children=children, is_current=entry.href == current)
