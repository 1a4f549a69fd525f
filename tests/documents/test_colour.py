"""A company's colour stays readable on paper."""

from __future__ import annotations

import pytest

from outtray.documents.pdf.colour import DEFAULT, on_paper


def test_a_dark_colour_stays_as_it_is() -> None:
    assert on_paper("#0f5c6e") == "#0f5c6e"


@pytest.mark.parametrize("colour", ["#ffff00", "#ffffff", "#7fd1ae"])
def test_a_light_colour_is_darkened(colour: str) -> None:
    darker = on_paper(colour)

    assert darker != colour
    assert on_paper(darker) == darker


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#12345g", "url(#a)"])
def test_what_is_no_colour_becomes_the_default(colour: str) -> None:
    assert on_paper(colour) == DEFAULT
