"""Whether a file may go with a letter: by its name, by its content, and by what lies in it.

What receivers' mail systems refuse (programs, scripts, shortcuts, disk images) is refused
here, where it can still be put right; what they distrust (macros, locked archives, web pages)
is said before. Nothing here finds viruses: that is a scanner's work.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from outtray.compose.attachments import contents, names
from outtray.compose.attachments.archives import (
    Budget,
    Inner,
    closed_archive,
    hides_archive,
    is_archive,
    look_into,
)
from outtray.lib.errors import Refused

MAX_FILES = 100
MAX_DEPTH = 3  # archives within archives
MAX_BYTES = 15 * 1024 * 1024  # grows by a third on its way; many servers refuse more than 20
LIMITS = (
    f"Up to {MAX_BYTES // 1024**2} MB together. Programs, scripts, shortcuts and disk images "
    "cannot go, in archives neither."
)
_MACROS = "vbaProject.bin"
_TAIL = 512


class File(Protocol):
    """What is to be attached."""

    @property
    def filename(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def content(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class FileWarning:
    """A reason why a receiver may not get or not trust a file. `code` is stable."""

    code: str
    sentence: str


def check_files(files: Sequence[File]) -> tuple[FileWarning, ...]:
    """What speaks against these files. Raises Refused where one of them cannot go at all."""
    size = sum(len(file.content) for file in files)
    if size > MAX_BYTES:
        raise Refused(
            "too_large",
            f"The attachments have {size / 1024**2:.0f} MB together; "
            f"{MAX_BYTES // 1024**2} MB can go along.",
        )
    if len(files) > MAX_FILES:
        raise Refused("too_many_files", f"At most {MAX_FILES} files can go with one letter.")
    return tuple(warning for file in files for warning in check_file(file))


def check_file(file: File) -> tuple[FileWarning, ...]:
    """What speaks against this file. Raises Refused: "bad_filename", "forbidden_file",
    "disguised_file", "archive_too_large", "archive_too_deep"."""
    name = file.filename
    if wrong := names.wrong_with_name(name):
        raise Refused("bad_filename", wrong, filename=_shown(name))
    if names.is_forbidden_type(file.content_type):
        raise _forbidden(_shown(name), f"a program: it is sent as {file.content_type}")
    findings = _findings(name, file.content, outer="", depth=0, budget=Budget(_shown(name)))
    return tuple(dict.fromkeys(findings))


def type_of(filename: str) -> str:
    """The content type that a name stands for: what a browser says of a file is only a guess."""
    guessed, encoding = mimetypes.guess_type(filename, strict=True)
    return guessed if guessed and not encoding else "application/octet-stream"


def _findings(
    name: str, content: bytes, *, outer: str, depth: int, budget: Budget
) -> Iterator[FileWarning]:
    shown = _placed(name, outer)
    _refuse_forbidden(name, content, shown, is_alone=not outer)
    if hides_archive(content):
        raise Refused(
            "disguised_file",
            f"{shown} has an archive hidden behind it. Mail systems take such files for an "
            "attack; send both as files of their own.",
            filename=shown,
        )
    yield from _about(name, content, shown, outer)
    if is_archive(content):
        yield from _about_archive(name, content, outer=outer, depth=depth, budget=budget)


def _refuse_forbidden(name: str, content: bytes, shown: str, *, is_alone: bool) -> None:
    if what := names.forbidden_by_name(name, is_alone=is_alone):
        raise _forbidden(shown, what)
    what = contents.forbidden_by_content(content[: contents.HEAD], tail=content[-_TAIL:])
    if not what and contents.is_installer(content):
        what = "an installer"
    if what:
        raise _forbidden(shown, f"{what}, whatever its name says")


def _forbidden(file: str, what: str) -> Refused:
    return Refused(
        "forbidden_file",
        f"{file} is {what}. Mail systems refuse such files; give it to the receiver another way.",
        filename=file,
    )


def _about(name: str, content: bytes, shown: str, outer: str) -> Iterator[FileWarning]:
    ending = names.ending_of(name)
    if names.may_have_macros(name) or contents.has_old_macros(content) or name == _MACROS:
        # Macros lie in a part of a document; it is the document that has them.
        document = outer if name == _MACROS and outer else shown
        yield FileWarning(
            "macros", f"{document} can run macros. Many companies do not let such files in."
        )
    if names.is_page(name):
        yield FileWarning(
            "web_page", f"{shown} opens in the browser. Many mail systems hold such files back."
        )
    if kind := closed_archive(content):
        yield FileWarning(
            "not_looked_into",
            f"{shown} is a {kind} archive, into which nobody looked. Some mail systems refuse it.",
        )
    if not outer and not content:
        yield FileWarning("empty_file", f"{shown} is empty.")
    elif not outer and not contents.fits_name(content[: contents.HEAD], ending):
        yield FileWarning(
            "other_content",
            f"{shown} is no {ending.upper()} file, though its name says so. Its receiver may "
            "not be able to open it.",
        )


def _about_archive(
    name: str, content: bytes, *, outer: str, depth: int, budget: Budget
) -> Iterator[FileWarning]:
    outer = outer or _shown(name)
    if depth >= MAX_DEPTH:
        raise Refused(
            "archive_too_deep",
            f"{outer} has archives within archives within archives. Unpack them first.",
            filename=outer,
        )
    for inner in look_into(content, budget, name=name):
        if inner.is_locked:
            yield _locked(inner, outer)
        else:
            yield from _findings(
                inner.name, inner.content, outer=outer, depth=depth + 1, budget=budget
            )


def _locked(inner: Inner, outer: str) -> FileWarning:
    """Names can be read even so."""
    if what := names.forbidden_by_name(inner.name):
        raise _forbidden(_placed(inner.name, outer), what)
    return FileWarning(
        "not_looked_into",
        f"{outer} is locked by a password, so nobody can look into it. Some mail systems "
        "refuse it.",
    )


def _placed(name: str, outer: str) -> str:
    """The file, and the archive in which it lies, if it lies in one."""
    return f"{_shown(name)} in {outer}" if outer else _shown(name)


def _shown(name: str) -> str:
    """A name that can be shown: signs that would change how it looks are told by number."""
    return "".join(
        each if each.isprintable() else f"[U+{ord(each):04X}]" for each in name[: names.MAX_NAME]
    )
