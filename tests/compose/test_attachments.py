"""What may go with a letter: files as people, programs and attackers name and make them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tarfile
import tracemalloc
import zipfile
from collections.abc import Mapping

import pytest

from outtray.compose.attachments.check import (
    MAX_BYTES,
    FileWarning,
    check_file,
    check_files,
    type_of,
)
from outtray.compose.attachments.letter_file import LetterFile
from outtray.lib.errors import Refused

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
PROGRAM = b"MZ\x90\0\x03\0\0\0" + b"\0" * 120 + b"PE\0\0"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def refusal(name: str, content: bytes, content_type: str = "application/octet-stream") -> str:
    with pytest.raises(Refused) as refused:
        check_file(LetterFile(name, content_type, content))
    assert refused.value.detail.isprintable()
    return refused.value.code


def warned(name: str, content: bytes) -> list[str]:
    found: tuple[FileWarning, ...] = check_file(LetterFile(name, type_of(name), content))
    return [warning.code for warning in found]


def zipped(files: Mapping[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return kept.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("RE-1.pdf", PDF),
        ("Preisliste März 2026.xlsx", zipped({"xl/workbook.xml": b"<x/>"})),
        ("Foto.JPG", JPEG),
        ("Скан.png", PNG),
        ("מחירון.pdf", PDF),
        ("notes", b"no ending at all"),
        ("MZ.csv", b"MZ;Menge;Preis\n1;2;3\n"),
        ("terms.v2.final.txt", b"Payable soon."),
        ("drawings.zip", zipped({"a/plan.pdf": PDF, "a/b/photo.png": PNG})),
        ("drawings.tar.gz", gzip.compress(tarred({"plan.pdf": PDF}))),
        ("stored.zip", zipped({"stored.mdb": b"x", "signer.cer": b"x"})),
        ("table.csv.gz", gzip.compress(b"a;b\n" * 2_000_000)),
        ("old.doc", OLE),
    ],
)
def test_what_people_send_goes_without_a_word(name: str, content: bytes) -> None:
    assert warned(name, content) == []


@pytest.mark.parametrize(
    "name",
    [
        "setup.exe",
        "SETUP.EXE",
        "invoice.pdf.exe",
        "invoice.pdf                                   .exe",
        "invoice.exe.",
        "invoice.exe . .",
        "invoice.exe:readme.txt",
        "invoice.txt:hidden.exe",
        "invoice.ｅｘｅ",
        "invoice\uff0eexe",
        "invoice.e\u200bxe",
        "invoice.exe\u200d",
        "macro.vbs",
        "run.ps1",
        "click.lnk",
        "page.hta",
        "app.jar",
        "disk.iso",
        "disk.img",
        "setup.msi",
        "settings.settingcontent-ms",
        "database.mde",
        "Rechnung.scr",
        "notes.one",
        "notes.onepkg",
        "stored.mdb",
        "signer.cer",
    ],
)
def test_a_name_that_is_a_program_at_the_receivers_is_refused(name: str) -> None:
    assert refusal(name, b"harmless") == "forbidden_file"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "..",
        "a/b.pdf",
        "a\\b.pdf",
        "a\x00.pdf",
        "a\r\nBcc: x.pdf",
        "invoice\u202efdp.exe",
        "x" * 201,
    ],
)
def test_a_name_that_hides_something_is_refused(name: str) -> None:
    assert refusal(name, PDF) == "bad_filename"


@pytest.mark.parametrize(
    "content",
    [
        PROGRAM,
        PROGRAM + PDF,
        b"\x7fELF\x02\x01\x01" + b"\0" * 50,
        b"\xca\xfe\xba\xbe\0\0\0\x34",
        b"\xcf\xfa\xed\xfe\x07\0\0\x01",
        b"#!/bin/sh\nrm -rf ~\n",
        b"MSCF\0\0\0\0" + b"\0" * 50,
        b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46",
        b"\0" * 32_769 + b"CD001" + b"\0" * 100,
        b"data" + b"koly" + b"\0" * 508,
        OLE + bytes.fromhex("84100c0000000000c000000000000046"),
        b"[InternetShortcut]\r\nURL=https://evil.example\r\n",
        b"ITSF\x03\0\0\0",
        bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + b"\0" * 50,
    ],
)
def test_a_program_is_refused_whatever_it_is_called(content: bytes) -> None:
    assert refusal("invoice.pdf", content) == "forbidden_file"
    assert refusal("papers.zip", zipped({"a/invoice.pdf": content})) == "forbidden_file"


def test_a_content_type_that_is_run_is_refused() -> None:
    assert refusal("notes.txt", b"x", "application/HTA; charset=utf-8") == "forbidden_file"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", zipped({"papers/setup.exe": b"x"})),
        ("a.zip", zipped({"papers\\run.js": b"x"})),
        ("a.docx", zipped({"word/embeddings/thing.exe": b"x"})),
        ("a.zip", zipped({"inner.zip": zipped({"deep.zip": zipped({"x.vbs": b"x"})})})),
        ("a.tar", tarred({"setup.exe": b"x"})),
        ("a.tar.gz", gzip.compress(tarred({"ok.pdf": PDF, "setup.exe": b"x"}))),
        ("a.tar.bz2", bz2.compress(tarred({"setup.pdf": PROGRAM}))),
        ("a.tar.xz", lzma.compress(tarred({"setup.exe": b"x"}))),
        ("setup.exe.gz", gzip.compress(b"x")),
        ("picture.gz", gzip.compress(PROGRAM)),
        ("picture.bz2", bz2.compress(PROGRAM)),
        ("picture.xz", lzma.compress(PROGRAM)),
        ("papers.zip", zipped({"run.ps1.gz": gzip.compress(b"x")})),
        ("papers.zip", zipped({"notes.one.xz": lzma.compress(b"x")})),
        ("invoice.gz", b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"run.bat\0" + gzip.compress(b"x")[10:]),
        ("renamed.dat", zipped({"setup.exe": b"x"})),
    ],
)
def test_a_program_is_found_in_archives(name: str, content: bytes) -> None:
    assert refusal(name, content) == "forbidden_file"


@pytest.mark.parametrize("front", [PDF, PNG, JPEG, b"GIF89a" + b"\0" * 20, b"<html>"])
def test_a_file_that_is_an_archive_as_well_is_refused(front: bytes) -> None:
    assert refusal("photo.jpg", front + zipped({"a.class": b"x"})) == "disguised_file"


def test_a_document_in_which_another_one_lies_is_not_taken_for_two() -> None:
    portfolio = PDF + zipped({"a.txt": b"x"}) + b"\nendstream\nendobj\n%%EOF\n"

    assert warned("portfolio.pdf", portfolio) == []


@pytest.mark.parametrize(
    ("name", "content", "codes"),
    [
        ("prices.xlsm", zipped({"xl/workbook.xml": b"<x/>"}), ["macros"]),
        ("prices.xlsx", zipped({"xl/vbaProject.bin": b"x"}), ["macros"]),
        ("prices.xls", OLE + "_VBA_PROJECT".encode("utf-16-le"), ["macros"]),
        ("all.zip", zipped({"prices.docm": zipped({"a.xml": b"x"})}), ["macros"]),
        ("page.html", b"<html>", ["web_page"]),
        ("drawing.svg", b"<svg/>", ["web_page"]),
        ("papers.rar", b"Rar!\x1a\x07\x01\0", ["not_looked_into"]),
        ("papers.7z", b"7z\xbc\xaf\x27\x1c", ["not_looked_into"]),
        ("empty.txt", b"", ["empty_file"]),
        ("scan.pdf", JPEG, ["other_content"]),
        ("offer.pdf", b"<html><script>", ["other_content"]),
    ],
)
def test_what_receivers_distrust_is_said_before(
    name: str, content: bytes, codes: list[str]
) -> None:
    assert warned(name, content) == codes


def test_a_locked_archive_is_warned_of_and_its_names_are_read() -> None:
    locked = _locked(zipped({"plan.pdf": PDF}))
    bad = _locked(zipped({"plan.exe": PDF}))

    assert warned("plans.zip", locked) == ["not_looked_into"]
    assert refusal("plans.zip", bad) == "forbidden_file"


def test_bombs_are_refused_while_they_are_small() -> None:
    zeros = b"\0" * (4 * 1024**2)
    inner = zipped({"zeros.bin": zeros})
    deep = zipped({"x": PDF})
    for _ in range(6):
        deep = zipped({"next.zip": deep})
    packed = [gzip.compress(zeros), bz2.compress(zeros), lzma.compress(zeros)]

    codes = {
        refusal("many.zip", zipped({f"{number}.txt": b"" for number in range(5_001)})),
        refusal("claims.zip", zipped({f"{number}.zip": inner for number in range(150)})),
        refusal("tar.gz", gzip.compress(_huge_tar())),
    }

    assert codes == {"archive_too_large"}
    assert refusal("deep.zip", deep) == "archive_too_deep"
    assert [warned("zeros.bin.gz", each) for each in packed] == [[], [], []]


def test_archives_within_an_archive_share_one_budget_of_memory() -> None:
    inner = zipped({"old.doc": OLE + b"\0" * (14 * 1024**2)})
    bomb = zipped({f"{number}.zip": inner for number in range(5)})
    tracemalloc.start()

    code = refusal("all.zip", bomb)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert code == "archive_too_large"
    assert peak < 80 * 1024**2


def test_damaged_archives_harm_nobody() -> None:
    whole = zipped({"plan.pdf": PDF, "photo.png": PNG}) + b""
    chance = random.Random(5)

    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        try:
            check_file(LetterFile("plans.zip", "application/zip", bytes(damaged)))
        except Refused:
            continue


def test_all_files_together_have_a_limit() -> None:
    half = LetterFile("a.txt", "text/plain", b"x" * (MAX_BYTES // 2 + 1))

    assert check_files([half]) == ()
    with pytest.raises(Refused, match="15 MB can go along") as refused:
        check_files([half, half])
    assert refused.value.code == "too_large"


def test_the_content_type_follows_the_name() -> None:
    assert type_of("a.pdf") == "application/pdf"
    assert type_of("a.tar.gz") == "application/octet-stream"
    assert type_of("a.unheardof") == "application/octet-stream"


def _locked(archive: bytes) -> bytes:
    """The same archive as if a password had been set: the flag in both of its headers."""
    changed = bytearray(archive)
    changed[6] |= 1
    changed[archive.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def _huge_tar() -> bytes:
    member = tarfile.TarInfo("zeros.bin")
    member.size = 200 * 1024**2
    return member.tobuf() + b"\0" * 1024
