"""The little language of the tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outtray.diagnosis.signs.lexicon import phrases, spoken


@pytest.mark.parametrize(
    ("sought", "text"),
    [
        ("mailbox .. full", "550 The MAILBOX of this person is full"),
        ("block", "Your message was blocked"),
        ("spf$ & fail", "It failed, by its SPF record"),
        ("*postfach", "Das Empfängerpostfach"),
        ("self signed", "self-signed certificate"),
        ("self signed", "SELF_SIGNED_CERT_IN_CHAIN"),
        ("sendasdenied", "ErrorSendAsDenied"),
        ("boite", "La boîte est pleine"),
        ("zu gross", "Die Nachricht ist zu groß"),
        ("{mailbox} .. {full}", "El buzón del destinatario está lleno"),
        ("{mailbox} .. {full}", "收件人邮箱已满"),
        ("{login} attempts", "too many login attempts"),
        ("has been blocked", "550-5.7.1 the message has been\n550-5.7.1 blocked"),
        ("n't support auth", "The server doesn't support AUTH"),
    ],
)
def test_phrases_find_what_is_meant(sought: str, text: str) -> None:
    assert phrases(sought).stand_in(spoken(text))


@pytest.mark.parametrize(
    ("sought", "text"),
    [
        ("full .. mailbox", "The mailbox is full"),
        ("spf$", "spfx is no standard"),
        ("lock", "it was blocked"),
        ("mailbox .. full", "mailbox" + " and so on" * 8 + " full"),
        ("spam", "no mailbox for spam@nordwind.example here"),
    ],
)
def test_phrases_do_not_find_what_only_looks_alike(sought: str, text: str) -> None:
    assert not phrases(sought).stand_in(spoken(text))


@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_a_phrase_is_found_between_any_other_words(before: str, after: str) -> None:
    assert phrases("quota exceeded").stand_in(spoken(f"{before} quota exceeded {after}"))
