"""What the first bytes of a file say of it, whatever its name is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

HEAD = 40 * 1024  # bytes; the mark of a disk image stands at 32,769
_PROGRAM = "a program"
_INSTALLER = "an installer"
_SCRIPT = "a script"
_SHORTCUT = "a shortcut, which opens something else"
_IMAGE = "an image of a disk"
_PAGE = "a compiled help page, which can run programs"
_NOTEBOOK = "a OneNote file, in which programs may be hidden"

# How it begins, and what it then is.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\x7fELF", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),  # Java classes, and programs of macOS for several chips
    (b"\xfe\xed\xfa\xce", _PROGRAM),
    (b"\xfe\xed\xfa\xcf", _PROGRAM),
    (b"\xce\xfa\xed\xfe", _PROGRAM),
    (b"\xcf\xfa\xed\xfe", _PROGRAM),
    (b"dex\n03", _PROGRAM),
    (b"MSCF\0\0\0\0", _INSTALLER),
    (b"xar!", _INSTALLER),
    (b"\xed\xab\xee\xdb", _INSTALLER),
    (b"!<arch>\ndebian", _INSTALLER),
    (b"#!/", _SCRIPT),
    (b"#! /", _SCRIPT),
    (b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0", _SHORTCUT),
    (b"[InternetShortcut]", _SHORTCUT),
    (b"Windows Registry Editor", "a file that changes a computer's settings"),
    (b"ITSF", _PAGE),
    (b"vhdxfile", _IMAGE),
    (b"conectix", _IMAGE),
    (bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3"), _NOTEBOOK),
)
_FIRST_BYTES = bytes({mark[0] for mark, _ in _MARKS})
_OPTICAL = slice(32_769, 32_774)
_DISK_IMAGE_TRAILER = 512  # bytes; Apple's begins with "koly"

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The class of the root of a Windows installer, of its patches and of its transforms.
_INSTALLER_CLASSES = tuple(
    bytes([first]) + bytes.fromhex("100c0000000000c000000000000046") for first in (0x84, 0x86, 0x82)
)
_VBA = "_VBA_PROJECT".encode("utf-16-le")

_EXPECTED: Mapping[str, Callable[[bytes], bool]] = {
    "pdf": lambda head: b"%PDF-" in head[:1024],
    "png": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    "jpg": lambda head: head.startswith(b"\xff\xd8\xff"),
    "jpeg": lambda head: head.startswith(b"\xff\xd8\xff"),
    "gif": lambda head: head.startswith((b"GIF87a", b"GIF89a")),
    "docx": lambda head: head.startswith((b"PK", OLE)),
    "xlsx": lambda head: head.startswith((b"PK", OLE)),
    "pptx": lambda head: head.startswith((b"PK", OLE)),
    "odt": lambda head: head.startswith(b"PK"),
    "ods": lambda head: head.startswith(b"PK"),
    "zip": lambda head: head.startswith(b"PK"),
}


def forbidden_by_content(head: bytes, *, tail: bytes = b"") -> str:
    """What the file is, if that must not be sent: told by its first and its last bytes."""
    if head[:1] and head[0] in _FIRST_BYTES:
        for mark, what in _MARKS:
            if head.startswith(mark):
                return what
    if head[:2] in (b"MZ", b"ZM") and b"\0" in head[:64]:
        return _PROGRAM
    if head[_OPTICAL] in (b"CD001", b"BEA01"):
        return _IMAGE
    if tail[-_DISK_IMAGE_TRAILER:][:4] == b"koly":
        return _IMAGE
    return ""


def is_installer(content: bytes) -> bool:
    """True for Windows installers, which are kept like old Office documents."""
    return content.startswith(OLE) and any(each in content for each in _INSTALLER_CLASSES)


def has_old_macros(content: bytes) -> bool:
    """True for an Office document of the old kind in which Visual Basic is kept."""
    return content.startswith(OLE) and _VBA in content


def fits_name(head: bytes, ending: str) -> bool:
    """False where the name promises a kind of file that this is not."""
    expected = _EXPECTED.get(ending)
    return expected is None or expected(head)
