"""The sidebar: its sections, their entries, and which entry the page belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.urls import NoReverseMatch, reverse

from outtray.people.models import Membership


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go. `counts` shows how many emails wait for a person."""

    label: str
    icon: str
    href: str
    counts: bool = False
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


def _known(*entries: tuple[str, str, str]) -> Iterator[Entry]:
    for label, icon, name in entries:
        try:
            yield Entry(label, icon, reverse(name), counts=name == "queue")
        except NoReverseMatch:
            continue


def _work() -> Iterator[Entry]:
    yield from _known(
        ("Home", "home", "home"),
        ("Documents", "files", "documents"),
        ("Email Queue", "send", "queue"),
        ("Parties", "users", "parties"),
    )


def _set_up(membership: Membership) -> Iterator[Entry]:
    yield from _known(("User Email Setup", "at", "user_email"))
    if membership.is_administrator:
        yield from _known(
            ("Company Email Setup", "building", "company_emails"),
            ("Settings", "settings", "company"),
        )


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
