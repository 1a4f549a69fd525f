"""What became, or would become, of each document of a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from outtray.documents.imports.entries import Format
from outtray.documents.keeping import Status
from outtray.documents.models import Document
from outtray.documents.problems import Problem
from outtray.documents.schema.paper import Paper


@dataclass(frozen=True, slots=True)
class ImportItem:
    """One document of an import, in the order of the file.

    SKIPPED: nothing is wrong with it, but another one is, so that none was imported. `place`
    says where in a table it stands. In a preview a created document is not there yet.
    """

    index: int
    kind: str
    number: str
    status: Status
    document: Document | None
    problems: tuple[Problem, ...] = ()
    place: str = ""
    paper: Paper | None = None

    def to_json(self) -> dict[str, Any]:
        """The same as plain values, as the API and commands answer it."""
        is_kept = self.document is not None and not self.document._state.adding
        return {
            "index": self.index,
            "kind": self.kind,
            "number": self.number,
            "status": self.status.value,
            "id": self.document.pk if self.document and is_kept else None,
            "place": self.place,
            "problems": [asdict(problem) for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file."""

    items: tuple[ImportItem, ...]
    format: Format = Format.JSON

    @property
    def documents(self) -> list[Document]:
        return [item.document for item in self.items if item.document]

    @property
    def refused(self) -> list[ImportItem]:
        return [item for item in self.items if item.status == Status.REFUSED]

    @property
    def imported(self) -> bool:
        """True if anything was kept."""
        return bool(self.documents)
