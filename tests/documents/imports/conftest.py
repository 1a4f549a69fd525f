"""Files of every form, brought in as they would be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from outtray.documents.importing import File, ImportResult, import_documents
from outtray.documents.models import Document
from outtray.people.models import Membership

FILES = Path(__file__).with_name("files")

TakeIn = Callable[..., ImportResult]


def content_of(name: str) -> bytes:
    return (FILES / name).read_bytes()


@pytest.fixture
def take_in(ben: Membership, at: datetime) -> TakeIn:
    """Import a file of the folder, or bytes under a name."""

    def take(name: str, content: bytes | None = None, **how: object) -> ImportResult:
        keep_going = bool(how.pop("keep_going", False))
        given = File(content_of(name) if content is None else content, name=name, **how)  # type: ignore[arg-type] # a test's own words
        return import_documents(ben.company, given, by=ben.person, at=at, keep_going=keep_going)

    return take


def only(result: ImportResult) -> Document:
    """The one document, read again from the database."""
    assert not result.refused, result.refused[0].problems
    (document,) = result.documents
    return Document.objects.select_related("party").get(pk=document.pk)
