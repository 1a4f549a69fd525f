"""What the name of a file says of it, as the receiver's computer would read that name.

The lists follow what Gmail, Outlook and Microsoft 365 refuse to take or to open
(support.google.com/mail/answer/6590, support.microsoft.com "Blocked attachments in Outlook",
the common attachments filter of Defender): a file that they refuse would only come back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from outtray.mail.address import has_control_character

MAX_NAME = 200
# Signs that turn the direction of writing: "Offer\u202efdp.exe" is shown as "Offerexe.pdf".
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_PROGRAM = "a program"
_SCRIPT = "a script, which runs when it is opened"
_SHORTCUT = "a shortcut, which opens something else"
_SETTINGS = "a file that changes a computer's settings"
_IMAGE = "an image of a disk, in which anything may be hidden"
_ACCESS = "a database that runs code when it is opened"
_PAGE = "a compiled help page, which can run programs"
_NOTEBOOK = "a OneNote file, in which programs may be hidden"
_ARCHIVE = "an archive of a kind that hides programs more often than papers"
_UNOPENED = "of a type that Outlook opens only where it lies in an archive"

_ENDINGS: Mapping[str, str] = {
    _PROGRAM: (
        "ani apk app appinstaller application appref-ms appx appxbundle cab com command cpl deb "
        "dex dll drv elf ex ex_ exe gadget ipa jar jnlp kext lib macho msi msix msixbundle msp mst "
        "nsh ocx pif pkg rpm scr sys vxd wll xap xbap xll xpi"
    ),
    _SCRIPT: (
        "applescript asp aspx bas bash bat cdxml cmd csh fxp hta htc js jse ksh mjs msh "
        "msh1 msh1xml msh2 msh2xml mshxml osa pl prg ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psdm1 "
        "psm1 pssc py pyc pyo pyw pyz pyzw scpt sct sh vb vba vbe vbp vbs vsmacros vsw ws wsb wsc "
        "wsf wsh zsh"
    ),
    _SHORTCUT: (
        "desktop isp its library-ms lnk mad maf mag mam maq mar mas mat mau mav maw mcf "
        "search-ms searchconnector-ms scf shb shs url webloc website xnk"
    ),
    _SETTINGS: (
        "appcontent-ms cnf diagcab diagcfg diagpkg grp inf ins job msc msu ops osd pcd plg ppkg "
        "prf printerexport reg settingcontent-ms theme themepack udl webpnp"
    ),
    _IMAGE: "daa dmg img iso uif vhd vhdx vmdk wim",
    _ACCESS: "ade adp mda mde mdt mdw mdz",
    _PAGE: "chm hlp hpj",
    _NOTEBOOK: "one onepkg",
    _ARCHIVE: "ace arj lha lzh",
}
_FORBIDDEN: Mapping[str, str] = {
    ending: what for what, endings in _ENDINGS.items() for ending in endings.split()
}
_FORBIDDEN_ALONE = frozenset({"asx", "cer", "cnt", "crt", "der", "mdb", "pst", "tmp"})
_FORBIDDEN_TYPES = frozenset(
    {
        "application/hta", "application/java-archive", "application/javascript",
        "application/vnd.microsoft.portable-executable", "application/x-dosexec",
        "application/x-executable", "application/x-javascript", "application/x-ms-installer",
        "application/x-ms-shortcut", "application/x-msdos-program", "application/x-msdownload",
        "application/x-msi", "application/x-sh", "application/x-sharedlib", "text/javascript",
        "text/vbscript", "text/x-sh",
    }
)  # fmt: skip
_WITH_MACROS = frozenset(
    {"docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "xla", "pptm", "potm", "ppsm", "ppam", "sldm"}
)
_PAGES = frozenset({"htm", "html", "xhtml", "shtml", "svg", "mht", "mhtml"})


@lru_cache(maxsize=1024)
def wrong_with_name(name: str) -> str:
    """Why no file may be called so, as a sentence; empty if one may."""
    if not name.strip() or len(name) > MAX_NAME:
        return f"A file name has one to {MAX_NAME} characters."
    if not name.strip(". "):
        return "A file name has more than dots in it."
    if "/" in name or "\\" in name:
        return "A file name has no / and no \\ in it."
    if has_control_character(name):
        return "A file name has no control characters in it."
    if _TURNING.intersection(name):
        return "This file name turns the direction of writing, which hides how it truly ends."
    return ""


@lru_cache(maxsize=1024)
def forbidden_by_name(name: str, *, is_alone: bool = False) -> str:
    """What a file of this name would be at the receiver's, if that must not be sent.

    Of a file that lies in no archive (`is_alone`) some more are refused.
    """
    if is_alone and not _FORBIDDEN_ALONE.isdisjoint(_endings(name)):
        return _UNOPENED
    return next((_FORBIDDEN[each] for each in _endings(name) if each in _FORBIDDEN), "")


def is_forbidden_type(content_type: str) -> bool:
    """True for content types by which a mail program would run the file."""
    return content_type.partition(";")[0].strip().lower() in _FORBIDDEN_TYPES


def may_have_macros(name: str) -> bool:
    """True for the Office files whose very ending says that there are macros in them."""
    return ending_of(name) in _WITH_MACROS


def is_page(name: str) -> bool:
    """True for what the receiver's browser opens, and what it may run there."""
    return ending_of(name) in _PAGES


def ending_of(name: str) -> str:
    """What follows the last dot, as the receiver's computer reads it; empty without a dot."""
    _, dot, ending = _plain(name).rpartition(".")
    return ending.strip() if dot else ""


def _endings(name: str) -> Iterator[str]:
    """Its ending, and those before a colon: NTFS reads "a.exe:b" as a stream of "a.exe"."""
    for piece in _plain(name).split(":"):
        yield ending_of(piece)


def _plain(name: str) -> str:
    """Wide and small letters as usual ones, nothing invisible, no blanks and dots at the end.

    Windows drops those, so that "a.exe. " is a program there.
    """
    usual = unicodedata.normalize("NFKC", name)
    seen = "".join(each for each in usual if unicodedata.category(each) != "Cf")
    return seen.casefold().rstrip(". ")
