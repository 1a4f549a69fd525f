"""What is an address, and what only looks like one."""

from __future__ import annotations

import contextlib
from email import message_from_string, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outtray.mail.address import Address, AddressError, has_control_character

LOCAL = st.from_regex(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~äöüé日本-]{1,12}(\.[a-zA-Z0-9ßø-]{1,6})?", fullmatch=True
)
DOMAIN = st.sampled_from(
    ["nordwind.example", "bücher.example", "例え.テスト", "a.b.c.example.co.uk"]
)


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("ben@nordwind.example", "ben@nordwind.example"),
        (" Ben@Nordwind.EXAMPLE ", "Ben@nordwind.example"),
        ("ben@nordwind.example.", "ben@nordwind.example"),
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("info@BÜCHER.example", "info@xn--bcher-kva.example"),
        ("info@straße.example", "info@xn--strae-oqa.example"),
        ("info@例え。テスト。", "info@xn--r8jz45g.xn--zckzah"),
        ("jörg@nordwind.example", "jörg@nordwind.example"),
        ("jo\u0308rg@nordwind.example", "jörg@nordwind.example"),
        ("o'neil+orders@nordwind.example", "o'neil+orders@nordwind.example"),
        ('"ben behrens"@nordwind.example', '"ben behrens"@nordwind.example'),
        ('"a@b"@nordwind.example', '"a@b"@nordwind.example'),
        (r'"say \"hi\""@nordwind.example', r'"say \"hi\""@nordwind.example'),
        ('"ben"@nordwind.example', "ben@nordwind.example"),
        (r'"b\en"@nordwind.example', "ben@nordwind.example"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_an_address_is_written_as_it_goes_on_the_wire(text: str, wire: str) -> None:
    assert str(Address.parse(text)) == wire


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is expected"),
        ("ben", "is expected"),
        ("@nordwind.example", "is expected"),
        ("ben@", "is expected"),
        ("ben@nordwind", "not a full domain"),
        ("ben@192.0.2.1", "a number"),
        ("ben@[192.0.2.1]", "brackets"),
        ("ben@nord_wind.example", "not a domain name"),
        ("ben@-nordwind.example", "not a domain name"),
        ("ben@nordwind..example", "not a domain name"),
        ("ben@❤.example", "not a domain name"),
        ("ben@" + "a" * 64 + ".example", "not a domain name"),
        ("ben..behrens@nordwind.example", "cannot be written"),
        (".ben@nordwind.example", "cannot be written"),
        ("ben behrens@nordwind.example", "cannot be written"),
        ('"ben@nordwind.example', "does not end well"),
        ('""@nordwind.example', "does not end well"),
        ('"ben"b@nordwind.example', "does not end well"),
        ("a" * 65 + "@nordwind.example", "64 octets"),
        ("ü" * 33 + "@nordwind.example", "64 octets"),
        ("ben@" + "a" * 60 + ".b" * 120 + ".example", "254 octets"),
        ("ben@" + "a." * 100_000 + "example", "254 octets"),
        ("Ben <ben@nordwind.example>", "write name@domain alone"),
        ("a@nordwind.example; b@nordwind.example", "several addresses"),
        ("a@nordwind.example,b@nordwind.example", "several addresses"),
        ("ben@nordwind.example\r\nBcc: eve@evil.example", "line breaks"),
        ("ben\n@nordwind.example", "line breaks"),
        ("ben\x00@nordwind.example", "control characters"),
        ("ben\u202e@nordwind.example", "control characters"),
        ("ben\u2066@nordwind.example", "control characters"),
        ("ben\ud800@nordwind.example", "control characters"),
        ("ben\u200b@nordwind.example", "cannot be seen"),
        ("ben\u00a0b@nordwind.example", "cannot be seen"),
        ('"ben\u00adb"@nordwind.example', "cannot be seen"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(AddressError, match=why):
        Address.parse(text)


@given(local=LOCAL, domain=DOMAIN)
def test_an_address_read_again_is_the_same(local: str, domain: str) -> None:
    address = Address.parse(f"{local}@{domain}")

    assert Address.parse(str(address)) == address
    assert address.domain.isascii()
    assert address.needs_smtputf8 is not address.local.isascii()
    assert address.display_domain == domain


@given(st.text(max_size=300) | st.text('ab"\\@. \r\n<>,ü\u202e', max_size=40))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    with contextlib.suppress(AddressError):
        address = Address.parse(text)

        assert not has_control_character(str(address))
        assert len(str(address).encode()) <= 254


@given(content=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20))
def test_a_quoted_local_part_means_the_same_to_another_parser(content: str) -> None:
    escaped = content.replace("\\", "\\\\").replace('"', '\\"')

    address = Address.parse(f'"{escaped}"@nordwind.example')

    header = message_from_string(f"To: {address}\n\n", policy=policy.default)["To"]
    assert header.addresses[0].username == content
    assert header.addresses[0].domain == "nordwind.example"


def test_addresses_that_differ_in_case_have_one_key() -> None:
    assert Address.parse("Ben@Nordwind.example").key == Address.parse("ben@nordwind.example").key


@pytest.mark.parametrize("text", ["\r", "\n", "\0", "\x1b", "\x85", "\u2028", "\u202e", "\ud83d"])
def test_what_could_end_a_line_or_turn_it_is_found(text: str) -> None:
    assert has_control_character(f"Ben{text}Behrens")


@pytest.mark.parametrize(
    "text", ["Ben Behrens", "日本語", "👩‍👩‍👧", "می‌خواهم", "a\u00a0b", "\u200fשלום"]
)
def test_what_names_need_is_left_alone(text: str) -> None:
    assert not has_control_character(text)
