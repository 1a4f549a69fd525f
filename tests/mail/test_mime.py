"""Our messages, as the standard library reads them."""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outtray.mail.address import Address, NamedAddress
from outtray.mail.headers import HeaderError
from outtray.mail.message_id import new_message_id
from outtray.mail.mime import Attachment, Content, InlineImage, assemble
from outtray.mail.reading import read

DATE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BEN = NamedAddress("Ben Behrens", Address.parse("ben@nordwind.example"))
EVA = NamedAddress("Éva Müller, Einkauf", Address.parse("eva@bücher.example"))
PDF = Attachment("Rechnung RE-1001.pdf", "application/pdf", b"%PDF-1.7 " + bytes(range(256)) * 9)
LOGO = InlineImage("logo", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(100), "logo.png")
LETTER = Content(
    sender=BEN,
    to=(EVA,),
    subject="Rechnung RE-1001",
    text="Guten Tag,\n\nhier ist sie.\n",
    html='<p>Hier ist sie: <img src="cid:logo"> – danke.</p>',
    inline=(LOGO,),
    attachments=(PDF,),
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=400)


def written(content: Content) -> bytes:
    return assemble(content, message_id="<1@nordwind.example>", date=DATE)


def parsed(content: Content) -> EmailMessage:
    octets = written(content)
    _has_proper_lines(octets)
    message = message_from_bytes(octets, policy=policy.default)
    for part in message.walk():
        assert not part.defects
        assert not [header for header in part.values() if header.defects]
    return message


def _has_proper_lines(octets: bytes) -> None:
    lines = octets.split(b"\r\n")
    assert lines[-1] == b""
    assert all(b"\r" not in line and b"\n" not in line for line in lines)
    assert all(len(line) <= 78 for line in lines)
    assert octets.isascii()


def test_a_letter_has_the_parts_in_their_order() -> None:
    message = parsed(LETTER)

    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]


@pytest.mark.parametrize(
    ("changes", "types"),
    [
        ({"html": "", "inline": (), "attachments": ()}, ["text/plain"]),
        ({"text": "", "inline": (), "attachments": ()}, ["text/html"]),
        ({"html": "", "inline": ()}, ["multipart/mixed", "text/plain", "application/pdf"]),
        (
            {"inline": (), "attachments": ()},
            ["multipart/alternative", "text/plain", "text/html"],
        ),
    ],
)
def test_absent_parts_leave_their_level_out(changes: dict[str, str], types: list[str]) -> None:
    message = parsed(replace(LETTER, **changes))  # type: ignore[arg-type]  # any field

    assert [part.get_content_type() for part in message.walk()] == types


def test_the_headers_say_who_writes_to_whom_and_when() -> None:
    message = parsed(replace(LETTER, cc=(BEN,), reply_to=EVA))

    assert message["From"] == "Ben Behrens <ben@nordwind.example>"
    assert message["To"] == '"Éva Müller, Einkauf" <eva@xn--bcher-kva.example>'
    assert message["Cc"] == "Ben Behrens <ben@nordwind.example>"
    assert message["Reply-To"] == message["To"]
    assert message["Date"].datetime == DATE
    assert message["Message-ID"] == "<1@nordwind.example>"
    assert message["MIME-Version"] == "1.0"


def test_a_letter_to_blind_copies_alone_shows_nobody() -> None:
    message = parsed(replace(LETTER, to=()))

    assert message["To"] == "undisclosed-recipients:;"


@given(subject=TEXT, text=TEXT, html=TEXT)
@example(subject="", text="", html="")
@example(subject="é", text="From the sea\n.\n..\n-- \nend", html="<p>" + "a" * 5000)
@example(subject="日本語" * 80, text="日本語\n" * 80, html="👩‍👩‍👧")
@example(subject="a", text="blank at the end \n\ttab\n\n\n", html="\x00\x0b\x7f")
@example(subject="a", text="=3D=_\n--=_", html="x" * 998)
def test_texts_arrive_as_they_were_written(subject: str, text: str, html: str) -> None:
    subject = " ".join(re.sub(r"[\W_]", " ", subject).split())

    message = read(written(replace(LETTER, subject=subject, text=text, html=html, attachments=())))

    assert message.header("Subject") == subject
    assert message.text.rstrip("\n") == text.rstrip("\n")
    assert message.html.rstrip("\n") == (html if html else "").rstrip("\n")


@given(
    files=st.lists(st.tuples(st.text("abc äß日.", min_size=1), st.binary(max_size=300)), max_size=4)
)
def test_files_arrive_as_they_were_written(files: list[tuple[str, bytes]]) -> None:
    attachments = tuple(Attachment(f"f{name}.bin", "image/x", octets) for name, octets in files)

    octets = written(replace(LETTER, attachments=attachments))

    _has_proper_lines(octets)
    assert [
        (each.filename, each.content_type, each.content) for each in read(octets).attachments
    ] == [(each.filename, each.content_type, each.content) for each in attachments]


def test_a_large_file_is_encoded_like_a_small_one() -> None:
    large = Attachment("large.bin", "application/zip", bytes(range(256)) * 1000)

    message = read(written(replace(LETTER, attachments=(large, PDF))))

    assert [each.content for each in message.attachments] == [large.content, PDF.content]


@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 64 * 57 - 1, 64 * 57, 64 * 57 + 1, 9999])
def test_a_file_that_came_in_base64_is_written_alike(size: int) -> None:
    content = bytes(position % 251 for position in range(size))
    plain = Attachment("a.bin", "application/zip", content)
    known = replace(plain, base64=b64encode(content).decode())

    lines = encodebytes(content).replace(b"\n", b"\r\n")
    for each in (plain, known):
        octets = written(replace(LETTER, attachments=(each,)))
        assert b'filename="a.bin"\r\n\r\n' + lines + b"\r\n--=_" in octets


def test_plain_ascii_is_left_readable() -> None:
    octets = written(replace(LETTER, text="Dear Eva,\n\nhere it is."))

    assert b"Content-Transfer-Encoding: 7bit\r\n\r\nDear Eva,\r\n\r\nhere it is.\r\n" in octets


def test_a_local_part_that_is_not_ascii_stands_in_the_header_raw() -> None:
    joerg = NamedAddress("Jörg", Address.parse("jörg@nordwind.example"))

    octets = written(replace(LETTER, to=(joerg,)))

    assert "<jörg@nordwind.example>".encode() in octets
    assert read(octets).header("To") == "Jörg <jörg@nordwind.example>"


def test_another_mail_inside_is_sent_as_a_plain_file() -> None:
    inside = Attachment("reply.eml", "message/rfc822", b"From: a@b.example\r\n\r\nHello")

    message = read(written(replace(LETTER, attachments=(inside,))))

    [attachment] = message.attachments
    assert attachment.content_type == "application/octet-stream"
    assert attachment.content == inside.content


def test_a_caller_may_add_headers_of_his_own() -> None:
    extra = (("Auto-Submitted", "auto-generated"), ("X-Document", "Rechnung für Éva"))

    message = parsed(replace(LETTER, headers=extra))

    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Document"] == "Rechnung für Éva"


@pytest.mark.parametrize("name", ["Bcc", "from", "To", "Content-Type", "DATE", "Subject", "X: y"])
def test_but_none_of_ours(name: str) -> None:
    with pytest.raises(HeaderError):
        written(replace(LETTER, headers=((name, "eve@evil.example"),)))


@pytest.mark.parametrize("evil", ["\r\nBcc: eve@evil.example", "\n\nbody", "\r", "\0"])
def test_no_part_of_a_letter_can_smuggle_in_a_line(evil: str) -> None:
    for changes in (
        {"subject": f"Invoice{evil}"},
        {"sender": NamedAddress(f"Ben{evil}", BEN.address)},
        {"reply_to": NamedAddress(f"Ben{evil}", BEN.address)},
        {"headers": (("X-Note", f"a{evil}"),)},
        {"attachments": (Attachment(f"a{evil}.pdf", "application/pdf", b""),)},
        {"attachments": (Attachment("a.pdf", f"application/pdf{evil}", b""),)},
        {"inline": (InlineImage(f"logo{evil}", "image/png", b""),)},
    ):
        with pytest.raises(HeaderError):
            written(replace(LETTER, **changes))


def test_a_content_type_must_be_one() -> None:
    with pytest.raises(HeaderError, match="content type"):
        written(replace(LETTER, attachments=(Attachment("a", "pdf; x=y", b""),)))


def test_message_ids_are_unique_short_and_carry_the_domain() -> None:
    ids = {new_message_id("nordwind.example") for _ in range(1000)}

    assert len(ids) == 1000
    assert all(re.fullmatch(r"<[a-z2-7]{24}@nordwind\.example>", each) for each in ids)


def test_an_overlong_domain_is_shortened_to_its_end() -> None:
    assert len(new_message_id("a." * 120 + "nordwind.example")) <= 127
