"""Templates that ask for too much are refused while they are still small."""

from __future__ import annotations

import pytest

from outtray.compose.filling.liquid import MAX_SOURCE, render
from outtray.lib.errors import Refused

TEXT = "{% assign x = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' %}"


def each(inner: str, *, of: str = "list") -> str:
    return "{% for i in " + of + " %}" + inner + "{% endfor %}"


BOMBS = {
    "endless range": each("x", of="(1..1000000000)"),
    "range made a list": each("x", of="(1..1000000000) reversed"),
    "range with names": each("x", of="(1..many) reversed"),
    "range in a variable": "{% assign r = (1..1000000000) %}{{ r | join: ',' }}",
    "range in a branch": "{% if many %}" + each("x", of="(1..9)") + "{% endif %}",
    "nested loops": each(each(each("x"))),
    "appending": TEXT + each("{% assign x = x | append: x %}"),
    "prepending": TEXT + "{{ x" + " | prepend: x" * 1000 + " }}",
    "replacing": TEXT + "{{ x" + " | replace: 'a', x" * 20 + " }}",
    "replacing nothing": TEXT + "{{ x" + " | replace: '', x" * 20 + " }}",
    "joining": TEXT + each("{% assign y = x | split: '' %}{% assign x = y | join: x %}"),
    "multiplying": "{% assign x = 9999 %}" + each("{% assign x = x | times: x %}"),
    "capturing": TEXT + each("{% capture x %}{{ x }}{{ x }}{% endcapture %}"),
    "much output": TEXT + each(each("{{ x }}" * 6, of="short")),
    "many filters": each(each("{{ 'a'" + " | upcase" * 50 + " }}", of="short")),
    "deep nesting": "{% if true %}" * 50 + "{% endif %}" * 50,
    "deep expression": "{{ a" + "[a" * 5000 + "]" * 5000 + " }}",
    "too long": "x" * (MAX_SOURCE + 1),
}
VALUES: dict[str, object] = {
    "list": ["x"] * 200,
    "short": ["x"] * 9,
    "many": 10**9,
    "a": {"a": "b"},
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        render(BOMBS[name], VALUES, is_html=False)

    assert refused.value.code == "template_wrong"


@pytest.mark.parametrize(
    "source",
    [
        "{{ party.nmae }}",
        "{{ unknown }}",
        "{% if unknown %}x{% endif %}",
        "{% if party.name %}",
        "{{ party.name | unknown }}",
        "{{ party.name | date: '%Y' }}",
        "{{ party.name | safe }}",
        "{% include 'signature' %}",
        "{% render '../../secret' %}",
        "{% unknown %}",
    ],
)
def test_what_a_template_may_not_name_is_an_error(source: str) -> None:
    with pytest.raises(Refused) as refused:
        render(source, {"party": {"name": "Kunde AG"}}, is_html=True)

    assert refused.value.code == "template_wrong"


def test_an_error_names_line_and_column() -> None:
    with pytest.raises(Refused, match=r"^Line 2, column 4: 'nmae' is undefined"):
        render("Hello,\n{{ nmae }}", {}, is_html=False)


def test_html_in_data_is_text_in_a_letter() -> None:
    values = {"name": '<script>alert(1)</script> & "Co"'}

    filled = render('<b title="{{ name }}">{{ name }}</b>', values, is_html=True)

    assert "<script>" not in filled
    assert filled.count("&lt;script&gt;") == 2
    assert filled.count("&#34;") == 4


@pytest.mark.parametrize(
    "source",
    [
        "{{ name | append: '<br>' }}",
        "{{ '<br>' | append: name }}",
        "{{ name | newline_to_br }}",
        "{{ name | upcase | downcase }}",
        "{{ list | join: '<br>' }}",
        "{{ '<br>x' | replace: 'x', name }}",
        "{{ name | prepend: '<br>' }}",
        "{% capture c %}{{ name }}{% endcapture %}{{ c }}",
        "{{ missing | default: name }}",
    ],
)
def test_no_filter_makes_data_markup(source: str) -> None:
    values = {"name": "<script>", "list": ["<script>", "<b>"], "missing": ""}

    assert "<script" not in render(source, values, is_html=True).lower()


def test_data_that_looks_like_a_template_is_only_text() -> None:
    values = {"name": "{{ secret }}{% for i in (1..9) %}"}

    assert render("{{ name }}", values, is_html=False) == values["name"]
