"""The JSON that Graph is told says just what the composed message says."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outtray.mail.address import Address, NamedAddress, has_control_character
from outtray.mail.envelope import Envelope
from outtray.mail.mime import Attachment, Content, InlineImage, assemble
from outtray.transports.graph import payload
from outtray.transports.graph.letter import heads_of, take_apart
from tests.servers.graph_oracle import read_by_microsoft
from tests.transports.graph_cases import (
    AT,
    BEN,
    BLIND,
    MESSAGE_ID,
    ONE,
    SALES,
    TWO,
    file_of,
    letter,
)

LOGO = InlineImage("logo.1@nordwind", "image/png", b"\x89PNG\x00\xff", "Logo groß.png")
HTML = '<p>Guten Tag, <img src="cid:logo.1@nordwind"> anbei die „Rechnung“.</p>'


def told_of(octets: bytes, *recipients: Address, sender: Address | None = None) -> dict[str, Any]:
    """The JSON, which Microsoft's own client has read without a question."""
    told = dict(
        payload.message(take_apart(octets), Envelope(BEN, recipients or (ONE,)), sender=sender)
    )
    read_by_microsoft("message", told)
    return told


def test_all_of_an_invoice_is_told() -> None:
    file = Attachment("Rechnung März.pdf", "application/pdf", b"%PDF-1.7\r\n\x00")
    octets = letter(html=HTML, files=(file,), inline=(LOGO,), cc=(TWO,))

    told = told_of(octets, ONE, TWO, BLIND)

    assert told["subject"] == "Rechnung für März – 4711"
    assert told["internetMessageId"] == MESSAGE_ID
    assert told["body"]["contentType"] == "html"
    assert told["body"]["content"].strip() == HTML
    assert told["toRecipients"] == [{"emailAddress": {"address": str(ONE), "name": "Müller, AG"}}]
    assert told["ccRecipients"] == [{"emailAddress": {"address": str(TWO)}}]
    assert told["bccRecipients"] == [{"emailAddress": {"address": str(BLIND)}}]
    assert told["replyTo"] == [{"emailAddress": {"address": str(BEN), "name": "Büro"}}]
    assert "from" not in told
    assert told["attachments"] == [
        {
            "@odata.type": "#microsoft.graph.fileAttachment",
            "name": "Logo groß.png",
            "contentType": "image/png",
            "isInline": True,
            "contentBytes": base64.b64encode(LOGO.content).decode(),
            "contentId": "logo.1@nordwind",
        },
        {
            "@odata.type": "#microsoft.graph.fileAttachment",
            "name": "Rechnung März.pdf",
            "contentType": "application/pdf",
            "isInline": False,
            "contentBytes": base64.b64encode(file.content).decode(),
        },
    ]


def test_a_letter_without_html_is_told_as_text() -> None:
    told = told_of(letter())

    assert told["body"]["contentType"] == "text"
    assert told["body"]["content"].splitlines() == ["Guten Tag,", "", "anbei die Rechnung."]


def test_another_sender_is_named() -> None:
    told = told_of(letter(sender=SALES), sender=SALES)

    assert told["from"] == {"emailAddress": {"address": str(SALES)}}


def test_five_headers_go_as_headers_and_the_rest_as_properties() -> None:
    own = tuple((f"X-Nordwind-{number}", str(number)) for number in range(7))
    others = (
        ("Auto-Submitted", "auto-generated"),
        ("References", "<1@kunde.example>"),
        ("In-Reply-To", "<2@kunde.example>"),
        ("List-Unsubscribe", "<mailto:ab@nordwind.example>"),
    )

    told = told_of(letter(headers=(*own, *others)))

    assert told["internetMessageHeaders"] == [
        {"name": name, "value": value} for name, value in own[:5]
    ]
    places = {each["id"]: each["value"] for each in told["singleValueExtendedProperties"]}
    headers = "String {00020386-0000-0000-C000-000000000046} Name"
    assert places == {
        f"{headers} X-Nordwind-5": "5",
        f"{headers} X-Nordwind-6": "6",
        f"{headers} Auto-Submitted": "auto-generated",
        "String 0x1039": "<1@kunde.example>",
        "String 0x1042": "<2@kunde.example>",
        "String 0x1045": "<mailto:ab@nordwind.example>",
    }


def test_an_upload_is_announced_as_what_it_is() -> None:
    (file,) = take_apart(letter(files=(file_of(3_000_000),))).files

    told = payload.upload(file)

    read_by_microsoft("upload", told)
    assert told["AttachmentItem"]["size"] == 3_000_000


FOREIGN = b"""From: Ben <ben@nordwind.example>\r
To: eins@kunde.example\r
Subject: =?utf-8?q?M=C3=A4rz?=\r
Message-ID: <1@nordwind.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=a\r
\r
--a\r
Content-Type: multipart/alternative; boundary=b\r
\r
--b\r
Content-Type: text/plain; charset=iso-8859-1\r
Content-Transfer-Encoding: quoted-printable\r
\r
Gr=FC=DFe\r
--b\r
Content-Type: text/calendar; method=REQUEST\r
\r
BEGIN:VCALENDAR\r
--b--\r
--a\r
Content-Type: message/rfc822\r
\r
Subject: Within\r
\r
The message within.\r
--a\r
Content-Type: text/plain; name="liesmich.txt"\r
Content-Disposition: attachment\r
\r
A text that is a file.\r
--a\r
Content-Type: application/octet-stream\r
\r
no name\r
--a--\r
"""


def test_of_a_message_of_others_making_nothing_is_left_behind() -> None:
    letter_of_others = take_apart(FOREIGN)

    assert letter_of_others.text.strip() == "Grüße"
    assert [(file.name, file.content_type) for file in letter_of_others.files] == [
        ("attachment-1.ics", "text/calendar"),
        ("attachment-2.eml", "message/rfc822"),
        ("liesmich.txt", "text/plain"),
        ("attachment-4.bin", "application/octet-stream"),
    ]
    assert b"The message within." in letter_of_others.files[1].content
    told_of(FOREIGN)


@pytest.mark.parametrize(
    ("header", "is_clear"),
    [
        (b"To: eins@kunde.example\r\n", True),
        (b"To: undisclosed-recipients:;\r\n", True),
        (b"To: Alle: eins@kunde.example, zwei@kunde.example;\r\n", True),
        (b"To: eins@kunde.example\r\nTo: zwei@kunde.example\r\n", True),
        (b"To: eins@kunde.example, no address\r\n", False),
        (b"To: <eins@kunde.example\r\n", False),
        (b"To: eins@[127.0.0.1]\r\n", False),
        (b"To: eins@kunde.example\r\nBcc: zwei@kunde.example\r\n", False),
        (b"To: eins@kunde.example\r\nResent-To: zwei@kunde.example\r\n", False),
    ],
)
def test_only_clear_headers_are_left_to_the_server(header: bytes, is_clear: bool) -> None:
    heads = heads_of(b"From: ben@nordwind.example\r\n" + header + b"\r\nHallo\r\n")

    assert heads.is_clear is is_clear


one_line = st.text(max_size=40).filter(lambda text: not has_control_character(text))
addresses = st.builds(
    "{}@{}.example".format,
    st.from_regex(r"[a-z0-9]{1,8}(\.[a-z0-9]{1,8})?", fullmatch=True),
    st.sampled_from(["kunde", "nordwind", "bücher"]),
).map(Address.parse)
named = st.builds(NamedAddress, one_line.map(str.strip), addresses)
several = st.lists(named, max_size=4, unique_by=lambda each: each.address.key).map(tuple)
files = st.builds(
    Attachment,
    st.from_regex(r"[A-Za-zäöüß0-9 _-]{1,20}\.(pdf|csv|xml)", fullmatch=True).filter(
        lambda name: name == name.strip()
    ),
    st.sampled_from(["application/pdf", "text/csv", "application/xml"]),
    st.binary(max_size=300),
)
images = st.builds(
    InlineImage,
    st.from_regex(r"[a-z0-9]{1,9}@nordwind", fullmatch=True),
    st.sampled_from(["image/png", "image/jpeg"]),
    st.binary(max_size=100),
)
texts = st.text(max_size=200).filter(lambda text: "\0" not in text and "\r" not in text)
contents = st.builds(
    Content,
    sender=st.just(NamedAddress("Ben", BEN)),
    to=several,
    cc=several,
    subject=one_line,
    text=texts,
    html=texts,
    reply_to=st.none() | named,
    inline=st.lists(images, max_size=2, unique_by=lambda image: image.cid).map(tuple),
    attachments=st.lists(files, max_size=3).map(tuple),
)


@settings(max_examples=40)
@given(contents, st.lists(addresses, max_size=3))
def test_whatever_is_composed_reaches_graph_as_it_is(
    content: Content, blind: list[Address]
) -> None:
    octets = assemble(content, message_id=MESSAGE_ID, date=AT)
    everybody = {each.address.key: each.address for each in (*content.to, *content.cc)}
    everybody |= {address.key: address for address in blind} or {BEN.key: BEN}
    recipients = tuple(everybody.values())

    told, heads = told_of(octets, *recipients), heads_of(octets)

    assert heads.is_clear
    assert heads.recipients == {each.address.key for each in (*content.to, *content.cc)}
    assert told["subject"].split() == content.subject.split()
    expected = content.html or content.text
    assert told["body"]["contentType"] == ("html" if content.html else "text")
    assert _lines(told["body"]["content"]) == _lines(expected)
    assert sorted(_addresses(told, "to", "cc", "bcc")) == sorted(map(str, recipients))
    assert _addresses(told, "to") == [str(each.address) for each in content.to]
    _assert_files(told.get("attachments", []), content)


def _assert_files(told: list[dict[str, Any]], content: Content) -> None:
    inline = content.inline if content.html else ()
    assert [(each.get("contentId"), each["isInline"]) for each in told] == [
        *((image.cid, True) for image in inline),
        *((None, False) for _ in content.attachments),
    ]
    octets = [base64.b64decode(each["contentBytes"]) for each in told]
    pictures = [image.content for image in inline]
    assert octets == pictures + [file.content for file in content.attachments]
    names = [each["name"] for each in told[len(inline) :]]
    assert names == [file.filename for file in content.attachments]


def _addresses(told: dict[str, Any], *kinds: str) -> list[str]:
    entries = [each for kind in kinds for each in told[f"{kind}Recipients"]]
    return [each["emailAddress"]["address"] for each in entries]


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")
