"""Header lines: the one gate through which every header goes out.

Lines are folded at 78 columns (RFC 5322 §2.1.1), words that are not ASCII are encoded
(RFC 2047), and an address itself never is. A value with CR, LF, NUL or another control
character is refused, never repaired: whoever composes decides what to make of it.
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from outtray.mail.address import NamedAddress, has_control_character

FOLD = 78
_MAX_LINE = 998  # RFC 5322 §2.1.1
_MAX_WORD = 75  # RFC 2047 §2
_NAME = re.compile(r"[!-9;-~]+")
_CHUNK = re.compile(r" *[^ ]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# RFC 2047 §5 (3): what may stand for itself also before an address.
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_Q = [chr(byte) if byte in _Q_SAFE else f"={byte:02X}" for byte in range(256)]
_Q[0x20] = "_"
_SPELLED = str.maketrans({"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "ø": "o", "–": "-", "—": "-"})


class HeaderError(ValueError):
    """This must not become a header. The text says why."""


def text_header(name: str, value: str) -> str:
    """A header that people read, such as Subject."""
    _refuse_unsafe(name, value)
    if _reads_as_it_stands(value):
        return _folded(name, _CHUNK.findall(f" {value}"))
    return _folded(name, [f" {word}" for word in encoded_words(value, indent=len(name) + 2)])


def token_header(name: str, value: str) -> str:
    """A header that programs read, such as References: folded between words, never encoded.

    RFC 2047 §5 allows encoded words only where text stands; an encoded Message-ID would
    no longer be found.
    """
    _refuse_unsafe(name, value)
    if not value.isascii():
        raise HeaderError(f"{name} must be ASCII")
    return _folded(name, _CHUNK.findall(f" {value.strip(' ')}"))


def address_header(name: str, addresses: Sequence[NamedAddress]) -> str:
    """A header of addresses, such as To. A local part that is not ASCII stays as it is.

    RFC 6532 §3.2 lets it, and only a server with SMTPUTF8 gets to see it.
    """
    chunks: list[str] = []
    for position, each in enumerate(addresses, start=1):
        _refuse_unsafe(name, str(each))
        comma = "," if position < len(addresses) else ""
        chunks += [f" {word}" for word in _phrase(each.name)]
        chunks.append(f" <{each.address}>{comma}" if each.name else f" {each.address}{comma}")
    return _folded(name, chunks)


def parameter_header(name: str, value: str, parameters: Iterable[tuple[str, str]]) -> str:
    """A header with parameters, one on each line, as RFC 2045 §5.1 and RFC 2231 want them."""
    _refuse_unsafe(name, value)
    lines = [f"{name}: {value}"]
    for key, text in parameters:
        _refuse_unsafe(name, text)
        lines += _parameter(key, text)
    return ";\r\n ".join(lines) + "\r\n"


def encoded_words(text: str, *, indent: int = 0) -> Iterator[str]:
    """The text as encoded words, each of whole characters; the first leaves `indent` free."""
    piece, octets, q_length = "", 0, 0
    room = _MAX_WORD - len(_word("")) - indent
    for character in text:
        encoded = character.encode()
        more = sum(len(_Q[octet]) for octet in encoded)
        if piece and min(q_length + more, _b_length(octets + len(encoded))) > room:
            yield _word(piece)
            piece, octets, q_length = "", 0, 0
            room = _MAX_WORD - len(_word(""))
        piece, octets, q_length = piece + character, octets + len(encoded), q_length + more
    yield _word(piece)


def _refuse_unsafe(name: str, value: str) -> None:
    if not _NAME.fullmatch(name):
        raise HeaderError(f"{name!r} is not the name of a header")
    if has_control_character(value):
        raise HeaderError(f"{name} must not contain line breaks or control characters")


def _reads_as_it_stands(value: str) -> bool:
    """Nothing to encode: ASCII, no blank at either end, no word too long to fold around."""
    return (
        value.isascii()
        and "=?" not in value
        and value == value.strip(" ")
        and (len(value) < FOLD or all(len(chunk) < FOLD for chunk in _CHUNK.findall(value)))
    )


def _folded(name: str, chunks: Sequence[str]) -> str:
    """Join chunks, each with its blank in front, to lines that fit where they can."""
    lines = [f"{name}:" + "".join(chunks[:1])]
    for chunk in chunks[1:]:
        if len(lines[-1]) + len(chunk) > FOLD:
            lines.append(chunk)
        else:
            lines[-1] += chunk
    if any(len(line.encode()) > _MAX_LINE for line in lines):
        raise HeaderError(f"{name} holds a word too long for a line (RFC 5322 §2.1.1)")
    return "\r\n".join(lines) + "\r\n"


def _phrase(name: str) -> list[str]:
    """A display name as words that can be folded between (RFC 5322 §3.2.5)."""
    if not name:
        return []
    if not _reads_as_it_stands(name):
        return list(encoded_words(name, indent=len("Reply-To: ")))
    if _ATOMS.fullmatch(name):
        return name.split(" ")
    quoted = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return [chunk.removeprefix(" ") for chunk in _CHUNK.findall(quoted)]


def _word(text: str) -> str:
    """One encoded word, in whichever of the two encodings is shorter."""
    octets = text.encode()
    q = "".join([_Q[octet] for octet in octets])
    if len(q) <= _b_length(len(octets)):
        return f"=?utf-8?q?{q}?="
    return f"=?utf-8?b?{binascii.b2a_base64(octets, newline=False).decode()}?="


def _b_length(octets: int) -> int:
    return (octets + 2) // 3 * 4


def _parameter(key: str, text: str) -> list[str]:
    """RFC 2231 §4: what is not ASCII is sent encoded, and once more in ASCII for old programs.

    The encoded form stands first, because some readers keep the first of two.
    """
    quoted = key + '="' + re.sub(r'(["\\])', r"\\\1", _in_ascii(text)) + '"'
    fits = len(quoted) < FOLD - 2
    if fits and _reads_as_it_stands(text) and "  " not in text:
        return [quoted]
    return [*_extended(key, text), quoted] if fits else _extended(key, text)


def _extended(key: str, text: str) -> list[str]:
    """RFC 2231 §3: a value too long for a line goes on in numbered pieces."""
    whole = f"{key}*=utf-8''{quote(text, safe='')}"
    if len(whole) < FOLD - 2:
        return [whole]
    pieces = [""]
    for character in text:
        encoded = quote(character, safe="")
        if len(pieces[-1]) + len(encoded) > FOLD - len(key) - 16:
            pieces.append("")
        pieces[-1] += encoded
    pieces[0] = f"utf-8''{pieces[0]}"
    return [f"{key}*{number}*={piece}" for number, piece in enumerate(pieces)]


def _in_ascii(text: str) -> str:
    """The nearest ASCII, for programs that read no more."""
    if text.isascii():
        return text
    spelled = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    plain = spelled.encode("ascii", "ignore").decode()
    plain = re.sub(r"[^ -~]", "", plain).strip()
    return plain if re.match(r"[^.]*\w", plain) else f"attachment{plain}"
