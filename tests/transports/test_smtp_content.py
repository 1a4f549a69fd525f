"""How a message looks on the wire."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from outtray.transports.smtp.content import END, Content

LINES = st.lists(
    st.text(alphabet=st.sampled_from("ab .\0é"), max_size=6).map(str.encode), max_size=20
)


def unstuffed(wire: bytes) -> bytes:
    """What a server keeps, line by line (RFC 5321 §4.5.2)."""
    kept: list[bytes] = []
    for line in wire.split(b"\r\n"):
        if line == b".":
            return b"".join(kept)
        kept.append((line[1:] if line.startswith(b".") else line) + b"\r\n")
    raise AssertionError("the final dot is missing")


@given(LINES)
def test_dots_arrive_as_they_were_written(lines: list[bytes]) -> None:
    message = b"".join(line + b"\r\n" for line in lines)

    wire = Content(message).on_the_wire()

    assert unstuffed(wire) == message
    assert wire.endswith(END)


@given(LINES)
def test_the_final_dot_stands_alone_and_last(lines: list[bytes]) -> None:
    wire = Content(b"".join(line + b"\r\n" for line in lines)).on_the_wire()

    assert wire.split(b"\r\n").count(b".") == 1


def test_a_missing_last_line_end_is_added() -> None:
    assert Content(b"a: b\r\n\r\nend").on_the_wire() == b"a: b\r\n\r\nend\r\n.\r\n"


@given(st.binary(max_size=40).map(lambda text: text.replace(b"\x00", b"\r")))
def test_no_line_end_of_half_a_pair_passes(message: bytes) -> None:
    lone = message.replace(b"\r\n", b"")

    assert Content(message).has_bare_line_end == (b"\r" in lone or b"\n" in lone)
