"""A watched folder: files come in once, whole, and from nowhere else."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from outtray.automations.folder_files import Folder
from outtray.automations.watched_folder import PATIENCE, QUIET, FolderWork
from outtray.documents.imports.folders import watch
from outtray.documents.imports.models import TakenFile, WatchedFolder
from outtray.documents.models import Document
from outtray.lib.errors import Refused
from outtray.people.models import Membership
from tests.conftest import TurnedClock
from tests.documents.builders import raw
from tests.documents.imports.conftest import content_of

pytestmark = pytest.mark.django_db

Look = Callable[[], None]


@pytest.fixture
def inbox(anna: Membership, clock: TurnedClock, tmp_path: Path, settings: Settings) -> Path:
    """The folder that Anna has had watched."""
    settings.IMPORT_FOLDER = str(tmp_path)
    watch(anna, "erp", keep_going=False, at=clock.now())
    return tmp_path / "erp"


@pytest.fixture
def work(clock: TurnedClock) -> FolderWork:
    return FolderWork(clock)


@pytest.fixture
def wait(work: FolderWork, clock: TurnedClock) -> Look:
    """Look, let it be quiet for long enough, and look again."""

    def look() -> None:
        for key in work.due(clock.now()):
            work.do(key, threading.Event())

    def wait() -> None:
        look()
        clock.turn(QUIET)
        look()

    return wait


def _names(folder: Path) -> list[str]:
    """What lies there, without the time in front."""
    return sorted(path.name.split("-", 3)[-1] for path in folder.iterdir())


def test_a_file_is_imported_and_moved_with_a_report(inbox: Path, wait: Look) -> None:
    (inbox / "documents.json").write_text(json.dumps([raw("invoice")]))

    wait()

    assert Document.objects.get().number == "RE-2026-1043"
    assert _names(inbox / "done") == ["documents.json", "documents.json.report.txt"]
    report = next((inbox / "done").glob("*.report.txt")).read_text()
    assert "1 documents: 1 created" in report
    assert not (inbox / "documents.json").exists()
    assert list(FolderWork().due(TakenFile.objects.get().taken_at)) == []


def test_every_form_is_taken_and_one_by_whom_the_folder_was_named(
    inbox: Path, wait: Look, anna: Membership
) -> None:
    for name in ("rechnungen.csv", "ubl-invoice.xml", "cii-invoice.xml"):
        (inbox / name).write_bytes(content_of(name))

    wait()

    assert Document.objects.filter(imported_by=anna.person).count() == 4


def test_a_file_that_still_grows_is_left_alone(
    inbox: Path, work: FolderWork, wait: Look, clock: TurnedClock
) -> None:
    whole = json.dumps([raw("invoice")])
    (inbox / "documents.json").write_text(whole[:500])
    for key in work.due(clock.now()):
        work.do(key, threading.Event())
    clock.turn(QUIET)

    (inbox / "documents.json").write_text(whole)
    for key in work.due(clock.now()):
        work.do(key, threading.Event())

    assert not Document.objects.exists()

    wait()
    assert Document.objects.count() == 1


def test_half_a_file_gets_more_time_before_it_is_refused(
    inbox: Path, wait: Look, clock: TurnedClock
) -> None:
    (inbox / "half.json").write_text(json.dumps([raw("invoice")])[:500])
    (inbox / "half.csv").write_bytes(content_of("rechnungen.csv").rstrip())

    wait()
    assert (inbox / "half.json").exists()
    assert (inbox / "half.csv").exists()
    clock.turn(PATIENCE)
    wait()

    assert _names(inbox / "refused") == ["half.json", "half.json.report.txt"]
    assert _names(inbox / "done") == ["half.csv", "half.csv.report.txt"]


def test_wrong_documents_are_named_in_the_report(inbox: Path, wait: Look) -> None:
    (inbox / "wrong.json").write_text(json.dumps([raw("invoice", currency="DOUBLOONS")]))

    wait()

    (report,) = (inbox / "refused").glob("*.report.txt")
    assert "Document 1 (invoice RE-2026-1043):" in report.read_text()
    assert "ISO 4217" in report.read_text()


def test_unfinished_names_and_folders_are_not_looked_at(inbox: Path, wait: Look) -> None:
    for name in ("a.json.part", ".hidden.json", "~lock.json", "b.tmp"):
        (inbox / name).write_text(json.dumps(raw("invoice")))
    (inbox / "sub").mkdir()
    (inbox / "sub" / "c.json").write_text(json.dumps(raw("invoice")))

    wait()

    assert not TakenFile.objects.exists()


def test_a_link_leads_nowhere(inbox: Path, wait: Look, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps(raw("invoice")))
    (inbox / "link.json").symlink_to(secret)
    os.mkfifo(inbox / "pipe.json")

    wait()

    assert not Document.objects.exists()
    assert secret.exists()
    assert _names(inbox / "refused")[0] == "link.json"
    assert len(_names(inbox / "refused")) == 4


def test_a_folder_that_became_a_link_is_not_used(inbox: Path, wait: Look, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "documents.json").write_text(json.dumps(raw("invoice")))
    inbox.rmdir()
    inbox.symlink_to(elsewhere)

    wait()

    assert not Document.objects.exists()
    assert WatchedFolder.objects.get().problem


def test_a_file_that_is_too_large_is_refused_unread(
    inbox: Path, wait: Look, settings: Settings
) -> None:
    settings.MAX_IMPORT_BYTES = 1024
    with (inbox / "huge.json").open("wb") as file:
        file.truncate(10**12)

    wait()

    (report,) = (inbox / "refused").glob("*.report.txt")
    assert "at most 0 MB can be imported" in report.read_text()


class _DiedError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", ["write_new", "move"])
def test_a_crash_in_between_imports_nothing_twice(
    inbox: Path, wait: Look, monkeypatch: pytest.MonkeyPatch, clock: TurnedClock, step: str
) -> None:
    (inbox / "documents.json").write_text(json.dumps([raw("invoice")]))
    right = getattr(Folder, step)

    def die(self: Folder, name: str, *rest: object) -> None:
        if step == "write_new" or rest[1] != name:
            raise _DiedError
        right(self, name, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(Folder, step, die)
        with pytest.raises(_DiedError):
            wait()
    corrected = Document.objects.get()
    corrected.fingerprint = "changed by another import meanwhile"
    corrected.save()
    wait()

    assert Document.objects.get().fingerprint == "changed by another import meanwhile"
    assert _names(inbox / "done") == ["documents.json", "documents.json.report.txt"]
    assert TakenFile.objects.get().moved_at


def test_the_same_name_may_come_every_day(inbox: Path, wait: Look, clock: TurnedClock) -> None:
    for reference in ("first", "second"):
        paper = raw("invoice", your_reference=reference)
        (inbox / "documents.json").write_text(json.dumps(paper))
        wait()
        clock.turn(QUIET)

    assert Document.objects.get().revision == 2
    assert len(_names(inbox / "done")) == 4


@pytest.mark.parametrize("name", ["", "../etc", "a/b", ".hidden", "a\x00b", "é", "x" * 200])
def test_no_folder_elsewhere_can_be_named(
    anna: Membership, clock: TurnedClock, tmp_path: Path, settings: Settings, name: str
) -> None:
    settings.IMPORT_FOLDER = str(tmp_path)

    with pytest.raises(Refused) as refusal:
        watch(anna, name, keep_going=False, at=clock.now())

    assert refusal.value.code == "wrong_folder_name"


def test_nobody_names_the_folder_of_others(
    anna: Membership, clara: Membership, clock: TurnedClock, tmp_path: Path, settings: Settings
) -> None:
    settings.IMPORT_FOLDER = str(tmp_path)
    watch(anna, "erp", keep_going=False, at=clock.now())

    with pytest.raises(Refused) as refusal:
        watch(clara, "erp", keep_going=False, at=clock.now())

    assert refusal.value.code == "folder_taken"
    watch(anna, "erp", keep_going=True, at=clock.now())


def test_without_a_folder_of_the_server_nothing_is_watched(
    anna: Membership, clock: TurnedClock, settings: Settings
) -> None:
    settings.IMPORT_FOLDER = ""

    with pytest.raises(Refused) as refusal:
        watch(anna, "erp", keep_going=False, at=clock.now())

    assert refusal.value.code == "no_import_folder"
    assert list(FolderWork(clock).due(clock.now())) == []
