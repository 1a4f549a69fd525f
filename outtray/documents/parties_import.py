"""Takes parties in: reads, checks, and keeps all of them or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from outtray.documents.keeping import Status
from outtray.documents.models import Contact, Party, PartyEvent
from outtray.documents.party_columns import remembered_columns
from outtray.documents.party_fields import PartyEntry, changes_in, check_entry, values_of
from outtray.documents.party_files import RawParty, read_parties
from outtray.documents.party_history import Changes, Code, event_of
from outtray.documents.problems import Problem
from outtray.documents.upsert_party import in_parts
from outtray.people.models import Company, Person

_ROWS = 200
_WRITTEN = (
    "name", "language", "main_email", "cc_email", "billing_email", "shipment_email",
    "bill_to_email", "ship_to_email", "address", "bill_to_address", "ship_to_address",
    "excluded", "vat_id", "changed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartyItem:
    """One party of a file. `changed` names the fields that are new or other than before."""

    index: int
    line: int
    role: str
    number: str
    name: str
    status: Status
    id: UUID | None = None
    changed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The same as plain values, as the API and commands answer it."""
        return {
            **{name: getattr(self, name) for name in ("index", "line", "role", "number", "name")},
            "status": self.status.value,
            "id": self.id,
            "changed": list(self.changed),
            "problems": [asdict(problem) for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class PartyImport:
    """What became of a file of parties, or would become of it."""

    items: tuple[PartyItem, ...]

    @property
    def refused(self) -> list[PartyItem]:
        return [item for item in self.items if item.status == Status.REFUSED]

    @property
    def kept(self) -> list[PartyItem]:
        """Those that are there now, unchanged ones among them."""
        return [item for item in self.items if item.status not in (Status.REFUSED, Status.SKIPPED)]


@dataclass(frozen=True, slots=True)
class _Checked:
    index: int
    raw: RawParty
    entry: PartyEntry | None
    problems: tuple[Problem, ...]


def import_parties(
    company: Company,
    payload: bytes,
    *,
    by: Person | None,
    at: datetime,
    role: str = "customer",
    keep_going: bool = False,
    preview: bool = False,
    columns: Mapping[str, str] | None = None,
) -> PartyImport:
    """Keep the parties of a JSON or CSV file: all, or with one wrong among them none.

    A party that is known by its number gets the fields that the file gives, and keeps the
    others. With `keep_going` the right ones are kept; with `preview` nothing is, and the
    answer says what would be. `columns` says what the headings of a table mean; without it
    holds what was remembered for such a table, else their names. Raises Refused for
    what is wrong with the file as a whole.
    """
    raw = read_parties(
        payload,
        role=role,
        most_bytes=settings.MAX_IMPORT_BYTES,
        settled=lambda header: remembered_columns(company, header) if columns is None else columns,
    )
    checked = _without_repeats([_check(index, each) for index, each in enumerate(raw)])
    with transaction.atomic():
        # Two imports of one company at once would both make the same party.
        Company.objects.select_for_update().get(pk=company.pk)
        plan = _Plan(company, [each.entry for each in checked if each.entry], by=by, at=at)
        items = [plan.keep(each, each.entry) if each.entry else _refused(each) for each in checked]
        is_right = all(item.status != Status.REFUSED for item in items)
        if (is_right or keep_going) and not preview:
            plan.write()
    is_left = not is_right and not keep_going
    return PartyImport(tuple(_left_out(item) if is_left else item for item in items))


def _left_out(item: PartyItem) -> PartyItem:
    """Right, but another one is not."""
    if item.status == Status.REFUSED:
        return item
    return replace(item, status=Status.SKIPPED, id=None, changed=())


def _check(index: int, raw: RawParty) -> _Checked:
    entry, problems = check_entry(raw.given)
    if raw.differs:
        sentence = f"Two lines of this party say different things of “{raw.differs}”."
        problems = [*problems, Problem(raw.differs, "contradiction", sentence)]
    return _Checked(index, raw, None if problems else entry, tuple(problems))


def _without_repeats(checked: Sequence[_Checked]) -> list[_Checked]:
    seen: dict[tuple[str, str], int] = {}
    once: list[_Checked] = []
    for each in checked:
        first = each.index
        if each.entry:
            first = seen.setdefault((each.entry.role, each.entry.number), each.index)
        once.append(each if first == each.index else _twice(each, first))
    return once


def _twice(each: _Checked, first: int) -> _Checked:
    sentence = f"This {each.entry.role if each.entry else ''} is already entry {first + 1}."
    problem = Problem("number", "duplicate_in_file", sentence)
    return _Checked(each.index, each.raw, None, (problem,))


def _refused(each: _Checked) -> PartyItem:
    said = each.raw.given if isinstance(each.raw.given, dict) else {}
    role, number, name = (_word(said.get(key)) for key in ("role", "number", "name"))
    return PartyItem(
        each.index, each.raw.line, role, number, name, Status.REFUSED, problems=each.problems
    )


def _word(given: object) -> str:
    """What a wrong party says of itself, bounded, to be found again by."""
    return given[:50].strip() if isinstance(given, str) and given.isprintable() else ""


class _Plan:
    """What keeping these parties means, by those that are there."""

    def __init__(
        self,
        company: Company,
        entries: Sequence[PartyEntry],
        *,
        by: Person | None,
        at: datetime,
    ) -> None:
        self._company, self._by, self._at = company, by, at
        self._known = _known(company, entries)
        self._contacts = _contacts([party.pk for party in self._known.values()])
        self._created: list[Party] = []
        self._changed: list[Party] = []
        self._events: list[PartyEvent] = []
        self._replaced: dict[UUID, list[Contact]] = {}

    def keep(self, checked: _Checked, entry: PartyEntry) -> PartyItem:
        """What becomes of this one."""
        party = self._known.get((entry.role, entry.number))
        if party is None and not entry.name:
            problem = Problem("name", "missing", "The name is missing; the party is new.")
            return self._item(checked, entry, Status.REFUSED, problems=(problem,))
        is_new = party is None
        party = party or Party(
            company=self._company, role=entry.role, number=entry.number, created_at=self._at
        )
        changes = changes_in(party, values_of(entry), self._contacts[party.pk])
        if not changes and not is_new:
            return self._item(checked, entry, Status.UNCHANGED, party)
        self._apply(party, changes)
        (self._created if is_new else self._changed).append(party)
        self._note(party, changes, is_new=is_new)
        status = Status.CREATED if is_new else Status.UPDATED
        return self._item(checked, entry, status, party, changed=tuple(changes))

    def write(self) -> None:
        """Write parties, contacts and history, by a handful of statements."""
        Party.objects.bulk_create(self._created, batch_size=_ROWS)
        Party.objects.bulk_create(
            self._changed,
            batch_size=_ROWS,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=_WRITTEN,
        )
        for some in in_parts(list(self._replaced)):
            Contact.objects.filter(party__in=some).delete()
        contacts = [each for several in self._replaced.values() for each in several]
        Contact.objects.bulk_create(contacts, batch_size=_ROWS)
        PartyEvent.objects.bulk_create(self._events, batch_size=_ROWS)

    def _apply(self, party: Party, changes: Changes) -> None:
        for name, (_, value) in changes.items():
            if name == "contacts":
                assert isinstance(value, list)
                self._replaced[party.pk] = [Contact(party=party, **each) for each in value]
            else:
                setattr(party, name, value)
        party.changed_at = self._at

    def _note(self, party: Party, changes: Changes, *, is_new: bool) -> None:
        code = Code.CREATED if is_new else Code.IMPORTED
        said = {} if is_new else changes
        self._events.append(event_of(party, code, said, by=self._by, at=self._at))

    def _item(
        self,
        checked: _Checked,
        entry: PartyEntry,
        status: Status,
        party: Party | None = None,
        *,
        changed: tuple[str, ...] = (),
        problems: tuple[Problem, ...] = (),
    ) -> PartyItem:
        return PartyItem(
            index=checked.index,
            line=checked.raw.line,
            role=entry.role,
            number=entry.number,
            name=party.name if party else entry.name,
            status=status,
            id=party.pk if party else None,
            changed=changed,
            problems=problems,
        )


def _known(company: Company, entries: Sequence[PartyEntry]) -> Mapping[tuple[str, str], Party]:
    known: dict[tuple[str, str], Party] = {}
    for role, numbers in _numbers(entries):
        for some in in_parts(numbers):
            found = Party.objects.filter(company=company, role=role, number__in=some)
            known |= {(role, party.number): party for party in found}
    return known


def _numbers(entries: Sequence[PartyEntry]) -> Iterator[tuple[str, list[str]]]:
    for role in sorted({each.role for each in entries}):
        yield role, [each.number for each in entries if each.role == role]


def _contacts(parties: Sequence[UUID]) -> Mapping[UUID, list[Contact]]:
    found: dict[UUID, list[Contact]] = defaultdict(list)
    for some in in_parts(parties):
        for contact in Contact.objects.filter(party__in=some).order_by("id"):
            found[contact.party_id].append(contact)
    return found
