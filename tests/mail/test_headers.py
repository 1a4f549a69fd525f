"""Header lines, as an independent parser reads them."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outtray.mail.address import Address, NamedAddress, has_control_character
from outtray.mail.headers import (
    HeaderError,
    address_header,
    parameter_header,
    text_header,
    token_header,
)

# All that a header may hold; blanks at the ends are not what a parser gives back.
READABLE = st.text(
    st.characters(
        exclude_categories=["Cc", "Cs", "Zl", "Zp"],
        exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    ),
    max_size=200,
)
BEN = Address.parse("ben@nordwind.example")


def parsed(line: str) -> object:
    message = message_from_bytes(line.encode() + b"\r\n", policy=policy.default)
    [(_, value)] = message.items()
    assert not value.defects
    return value


def lines_of(header: str) -> list[str]:
    assert header.endswith("\r\n")
    return header.removesuffix("\r\n").split("\r\n")


@given(READABLE.map(str.strip))
@example("Invoice RE-1001")
@example("Rechnung RE-1001 von Südhang")
@example("日本語の請求書" * 30)
@example("=?utf-8?q?trick?=")
@example("a" * 2000)
@example("two  blanks   " + "and more words " * 20)
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    header = text_header("Subject", subject)

    assert str(parsed(header)) == subject
    assert header.isascii()
    assert all(len(line) <= 78 for line in lines_of(header))
    assert all(line.strip() for line in lines_of(header))


def test_an_encoded_line_is_76_at_most() -> None:
    header = text_header("Subject", "Bestätigung Ihrer Bestellung " * 9)

    assert all(len(line) <= 76 for line in lines_of(header))  # RFC 2047 §2
    assert str(make_header(decode_header(header[9:]))) == "Bestätigung Ihrer Bestellung " * 9


@given(names=st.lists(READABLE.map(str.strip), min_size=1, max_size=5))
@example(["Behrens, Ben"])
@example(['Ben "the pen" Behrens', "a\\b"])
@example(["Ben <eve@evil.example>", "eve@evil.example"])
@example(["A Very Long Company Name, Of Several Words " * 4 + "And More"])
@example(["ÄÖÜ 👩‍👩‍👧 " * 20])
def test_names_arrive_beside_their_addresses(names: list[str]) -> None:
    people = [
        NamedAddress(name, Address.parse(f"p{number}@nordwind.example"))
        for number, name in enumerate(names)
    ]

    header = address_header("Cc", people)

    found = parsed(header).addresses  # type: ignore[attr-defined]  # an AddressHeader
    assert [each.addr_spec for each in found] == [str(each.address) for each in people]
    # This parser shows the blank between two encoded words (RFC 2047 §6.2 says: ignore it).
    assert [_unspaced(each.display_name) for each in found] == [_unspaced(name) for name in names]
    assert all(len(line) <= 78 for line in lines_of(header))


def _unspaced(name: str) -> str:
    return name if name.isascii() and "=?" not in name else name.replace(" ", "")


def test_a_long_name_is_whole_again_without_the_blanks_between_encoded_words() -> None:
    name = "Gesellschaft für Bücher, Büroausstattung und Übersetzungen in Südhang mbH"

    header = address_header("To", [NamedAddress(name, BEN)])

    assert str(make_header(decode_header(header[4:]))) == f"{name} <{BEN}>"


def test_an_idn_domain_is_never_an_encoded_word() -> None:
    header = address_header("To", [NamedAddress("Bücher", Address.parse("info@bücher.example"))])

    assert header == "To: =?utf-8?q?B=C3=BCcher?= <info@xn--bcher-kva.example>\r\n"


def test_a_local_part_that_is_not_ascii_stays_as_it_is() -> None:
    header = address_header("To", [NamedAddress("Jörg", Address.parse("jörg@nordwind.example"))])

    assert header == "To: =?utf-8?b?SsO2cmc=?= <jörg@nordwind.example>\r\n"


def test_references_are_folded_and_never_encoded() -> None:
    ids = " ".join(f"<{number:050}@a-rather-long-name.nordwind.example>" for number in range(5))

    header = token_header("References", ids)

    assert header.replace("\r\n", "") == f"References: {ids}"
    assert "=?" not in header
    assert len(lines_of(header)) == 5


@pytest.mark.parametrize("evil", ["\r\nBcc: eve@evil.example", "\n", "\r", "\0", "\x85", "\u2028"])
def test_a_second_line_is_refused_everywhere(evil: str) -> None:
    with pytest.raises(HeaderError):
        text_header("Subject", f"Invoice{evil}")
    with pytest.raises(HeaderError):
        text_header(f"Subject{evil}", "Invoice")
    with pytest.raises(HeaderError):
        token_header("References", f"<a@b>{evil}")
    with pytest.raises(HeaderError):
        address_header("To", [NamedAddress(f"Ben{evil}", BEN)])
    with pytest.raises(HeaderError):
        parameter_header("Content-Disposition", "attachment", [("filename", f"a{evil}.pdf")])


@given(st.text())
def test_whatever_is_asked_for_one_header_is_one_header(value: str) -> None:
    try:
        header = text_header("Subject", value)
    except HeaderError:
        assert has_control_character(value)
        return

    message = message_from_bytes(header.encode() + b"\r\n", policy=policy.default)
    assert len(message.items()) == 1
    assert not message.get_payload()


@pytest.mark.parametrize("name", ["", "Sub ject", "Subject:", "Überschrift"])
def test_a_header_needs_a_proper_name(name: str) -> None:
    with pytest.raises(HeaderError, match="name of a header"):
        text_header(name, "Invoice")


def test_an_endless_word_where_nothing_may_be_encoded_is_refused() -> None:
    with pytest.raises(HeaderError, match="too long"):
        token_header("References", "<" + "a" * 1000 + "@b>")


@given(READABLE.map(str.strip).filter(bool))
@example("Rechnung RE-1001.pdf")
@example('"quoted\\".pdf')
@example("注文書.pdf")
@example("Ein sehr langer Dateiname mit Umläuten, der auf keine Zeile passt, und noch länger.pdf")
@example("A very long file name in plain letters that fits on no line at all, and longer.pdf")
def test_a_filename_arrives_as_it_was_written(filename: str) -> None:
    header = parameter_header("Content-Disposition", "attachment", [("filename", filename)])

    message = message_from_bytes(header.encode() + b"\r\n", policy=policy.default)
    assert message.get_filename() == filename
    assert header.isascii()
    assert all(len(line) <= 78 for line in lines_of(header))


def test_an_old_program_finds_an_ascii_filename_too() -> None:
    header = parameter_header(
        "Content-Disposition", "attachment", [("filename", "Weiß & Söhne.pdf")]
    )

    assert "filename*=utf-8''Wei%C3%9F%20%26%20S%C3%B6hne.pdf;\r\n" in header
    assert 'filename="Weiss & Sohne.pdf"' in header
