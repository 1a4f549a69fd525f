"""The sidebar: its sections, their entries, and which entry the page belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from outtray.documents.kinds.registry import KINDS
from outtray.mailboxes.models import Health, Mailbox, Whose
from outtray.outbox.counting import counted
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


def sections_for(membership: Membership, path: str) -> tuple[Section, ...]:
    """What this person can open, with the entry of this path marked."""
    own, companys = counted(membership, _paused)
    sections = _sections(
        is_administrator=membership.is_administrator,
        has_inbox=bool(settings.DEMO_MAILS),
        own_paused=own,
        company_paused=companys,
    )
    return _with_current(sections, _nearest(sections, path))


@lru_cache(maxsize=32)
def _sections(
    *, is_administrator: bool, has_inbox: bool, own_paused: int, company_paused: int
) -> tuple[Section, ...]:
    set_up = [replace(_to("User Email Setup", "at", "user_email"), paused=own_paused)]
    if is_administrator:
        company_emails = _to("Company Email Setup", "building", "company_emails")
        set_up += [
            replace(company_emails, paused=company_paused),
            _to("Settings", "settings", "company"),
        ]
    inbox = [_to("Demo inbox", "inbox", "demo_inbox")] if has_inbox else []
    return Section("", (*_work(), *inbox)), Section("Set-up", tuple(set_up))


@lru_cache(maxsize=256)
def _with_current(sections: tuple[Section, ...], current: str) -> tuple[Section, ...]:
    return tuple(
        replace(section, entries=tuple(_marked(entry, current) for entry in section.entries))
        for section in sections
    )


def _work() -> Iterator[Entry]:
    yield _to("Home", "home", "home")
    yield replace(_to("Documents", "files", "documents"), children=_centres())
    yield replace(_to("Email Queue", "send", "queue"), counts=True)
    yield _to("Runs", "stack-2", "runs")
    yield _to("Drafts", "edit", "drafts")
    yield _to("Parties", "users", "parties")
    yield _to("Templates", "mail-cog", "templates")


def _paused(somebody: Membership) -> Iterator[QuerySet[Mailbox]]:
    """Those of each kind that are paused among those that this person sets up."""
    mine = Mailbox.objects.usable_by(somebody).filter(health=Health.PAUSED)
    yield from (mine.filter(whose=whose) for whose in (Whose.USER, Whose.COMPANY))


def _centres() -> tuple[Entry, ...]:
    return tuple(_to(kind.plural("en"), "", "centre", kind.name) for kind in KINDS.values())


def _to(label: str, icon: str, name: str, *args: str) -> Entry:
    return Entry(label, icon, reverse(name, args=args))


def _nearest(sections: Sequence[Section], path: str) -> str:
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
