"""A hostile template ends in a refusal: it is refused, or its process is killed alone."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from outtray.compose.filling.compile_mjml import compiled
from outtray.compose.filling.fill import Parts
from outtray.compose.filling.process import LiquidProcess
from outtray.compose.filling.safe_html import safe_rows
from outtray.lib.errors import Refused
from tests.compose.filling.test_liquid import BOMBS, VALUES

COMPANY = {"name": "Nordwind", "phone": ""}
FACTS: dict[str, object] = {**VALUES, "sender": {"name": "Ben"}, "company": COMPANY}
KIND = {"subject": "Invoice", "text": "", "html": "<tr><td>Hello</td></tr>"}


@pytest.fixture(scope="module")
def process() -> Iterator[LiquidProcess]:
    """One process for all these attacks: each must find it well again."""
    started = LiquidProcess()
    yield started
    started.close()


def fill(process: LiquidProcess, **texts: str) -> Parts:
    return process.fill({**KIND, **texts}, FACTS, ["photo.png"])


@pytest.mark.parametrize("field", ["subject", "text", "html"])
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_every_field(process: LiquidProcess, name: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        fill(process, **{field: BOMBS[name]})

    assert (refused.value.code, refused.value.field) == ("template_wrong", field)
    assert fill(process).subject == "Invoice"


@pytest.mark.parametrize(
    "source",
    [
        "{{ company.__class__.__mro__ }}",
        "{{ company['__class__'] }}",
        "{{ company.keys }}",
        "{{ list.append }}",
        "{{ sender.name.__len__ }}",
        "{{ settings.SECRET_KEY }}",
        "{% include '/etc/passwd' %}",
        "{% render '/etc/passwd' %}",
        "{% render '../../../config/settings.py' %}",
        "{% extends 'x' %}",
        "{% liquid assign x = 1 %}",
    ],
)
def test_no_template_reaches_behind_its_fields(process: LiquidProcess, source: str) -> None:
    with pytest.raises(Refused):
        fill(process, text=source)


def test_one_that_runs_on_is_killed_and_the_next_letter_is_written() -> None:
    process = LiquidProcess(patience=0.5)
    fill(process)
    assert process.pid
    os.kill(process.pid, 19)  # SIGSTOP: it says nothing any more, whatever it was doing

    with pytest.raises(Refused, match="too long or needs too much memory"):
        fill(process)
    unhurried = LiquidProcess()
    answered = fill(unhurried)

    assert process.pid is None
    assert answered.subject == "Invoice"
    unhurried.close()


def test_one_that_needs_too_much_memory_or_time_is_ended_by_the_system(
    process: LiquidProcess,
) -> None:
    fill(process)

    limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")

    by_name = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert int(by_name["Max address space"]) == 512 * 1024**2
    assert int(by_name["Max cpu time"]) < 60
    assert by_name["Max open files"] == "3"
    assert by_name["Max file size"] == "0"


def test_one_that_finds_no_memory_is_refused_and_the_next_letter_is_written(
    process: LiquidProcess,
) -> None:
    fill(process)
    assert process.pid
    resource.prlimit(process.pid, resource.RLIMIT_AS, (2**20, 2**20))

    with pytest.raises(Refused, match="memory"):
        process.fill(KIND, {**FACTS, "more": "x" * 30_000_000}, [])

    process.close()
    assert fill(process).subject == "Invoice"


def test_the_process_has_no_environment_and_so_no_secret(process: LiquidProcess) -> None:
    fill(process)

    inherited = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")

    assert {each.partition(b"=")[0] for each in inherited if each} <= {
        b"PYTHONPATH", b"PYTHONDONTWRITEBYTECODE", b"LC_CTYPE",
    }  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        '<mj-include path="/etc/passwd" />',
        '<mj-include path="https://evil.example/x.mjml" />',
        "<mj-raw><script>alert(1)</script></mj-raw>",
        "<mj-style>@import url(https://evil.example/x.css);</mj-style>",
        "<mj-head><mj-title>x</mj-title></mj-head>",
        '<mj-font name="x" href="https://evil.example/x.css" />',
        "<mj-attributes><mj-all /></mj-attributes>",
        "<mj-html-attributes></mj-html-attributes>",
        "<mj-section><mj-column /></mj-section>",
        "<mjml><mj-body /></mjml>",
        "<mj-text><mj-include path='/etc/passwd' /></mj-text>",
        "<MJ-INCLUDE path='/etc/passwd' />",
        '<mj-image src="https://evil.example/pixel.png" />',
        '<mj-image src="//evil.example/pixel.png" />',
        '<mj-image src="file:///etc/passwd" />',
        '<mj-image src="{{ party.name }}" />',
        '<mj-image srcset="https://evil.example/pixel.png 2x" src="cid:a.png" />',
        '<mj-text background-url="https://evil.example/pixel.png">x</mj-text>',
        '<mj-text css-class="x" onclick="alert(1)">x</mj-text>',
        '<mj-divider border-color="url(https://evil.example/x)" />{{ x }}',
        '<mj-text padding="{{ x }}">x</mj-text>',
        '<mj-text padding="1px&#59;background:url(x)">x</mj-text>',
        "<mj-text>" * 5000,
        "<mj-text",
        "<mj-divider>x</mj-divider>",
        "</mj-column></mj-section></mj-body>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><mj-text>&a;</mj-text>",
        "<mj-text>x</mj-text>" * 5000,
    ],
)
def test_mjml_that_reaches_outside_is_refused(process: LiquidProcess, source: str) -> None:
    with pytest.raises(Refused) as refused:
        process.compile(source)

    assert refused.value.code == "template_wrong"


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</script>",
        "<img src=https://evil.example/p.png>",
        "<img src='cid:other.png'>",
        "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
        "<img src='cid:photo.png' srcset='https://evil.example/p.png 2x' onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<a href=' java\tscript:alert(1)'>x</a>",
        "<a href='//evil.example/x'>x</a>",
        "<a href='\\\\evil.example\\x'>x</a>",
        "<p style='background:src(\"//evil.example/p.png\")'>x</p>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<p style='background:url(https://evil.example/p.png)'>x</p>",
        "<p style='background:u\\72l(https://evil.example/p.png)'>x</p>",
        "<p style='width:expression(alert(1))'>x</p>",
        "<p style='position:fixed;top:0'>x</p>",
        "<td background='https://evil.example/p.png'>x</td>",
        "<style>@import url(https://evil.example/x.css)</style>",
        "<link rel=stylesheet href=https://evil.example/x.css>",
        "<iframe src=https://evil.example></iframe>",
        "<object data=https://evil.example></object>",
        "<form action=https://evil.example><input name=a></form>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<base href=https://evil.example>",
        "<svg><image href=https://evil.example/p.png /></svg>",
        "<math><mtext></table><img src=x onerror=alert(1)></mtext></math>",
        "<video poster=https://evil.example/p.png></video>",
        "<!--[if mso]><script>alert(1)</script><![endif]-->",
        "</td></tr></table></div></body><script>alert(1)</script>",
        "{{ '<script>' }}{{ evil }}",
    ],
)
def test_what_runs_or_fetches_never_reaches_a_customer(inner: str) -> None:
    html = compiled(f"<mj-text>before {inner} after</mj-text>").replace("{{ evil }}", "<script>")

    rows = safe_rows(html, pictures=["photo.png"]).lower()

    assert "before" in rows
    for bad in ("<script", "javascript", "evil.example", "onerror", "onload", "<style", "url(",
                "expression", "position", "other.png", "<svg", "data:", "<!--"):  # fmt: skip
        assert bad not in rows, bad
    assert rows.startswith('<tr><td style="padding:0;">')
    assert rows.endswith("</td></tr>")


@pytest.mark.parametrize("tag", ["div", "b", "table", "a", "font", "p"])
def test_html_nested_without_end_is_written_or_refused(process: LiquidProcess, tag: str) -> None:
    many = "{% for i in list %}" + f"<{tag}>" * 40 + "{% endfor %}"
    html = compiled(f"<mj-text>{many}</mj-text>")

    with suppress(Refused):
        assert len(fill(process, html=html).rows) < 4 * 1024 * 1024

    assert fill(process).subject == "Invoice"


def test_a_picture_that_is_sent_along_stays() -> None:
    rows = safe_rows(compiled('<mj-image src="cid:photo.png" />'), pictures=["photo.png"])

    assert 'src="cid:photo.png"' in rows


def test_a_component_can_stand_under_a_condition(process: LiquidProcess) -> None:
    source = "{% if short %}<mj-text>Yes</mj-text>{% else %}<mj-text>No</mj-text>{% endif %}"

    parts = fill(process, html=process.compile(source))

    assert "Yes" in parts.rows
    assert "No" not in parts.rows
    assert parts.text.split() == ["Yes", "Ben", "Nordwind"]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("Hello", "Line 1, column 1: Text and fields must stand within <mj-text>."),
        ("<mj-text>x</mj-text>\n <mj-tex>", "Line 2, column 2: <mj-tex> cannot stand here"),
        ("<mj-text\n  colour='red'>", "Line 2, column 3: <mj-text> cannot have colour"),
        ("\n\n<mj-text>open", "Line 3, column 1: <mj-text> is not closed"),
    ],
)
def test_a_fault_in_mjml_is_told_by_line_and_column(source: str, place: str) -> None:
    with pytest.raises(Refused) as refused:
        compiled(source)

    assert refused.value.detail.startswith(place)


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("a\n {{ nmae }}", 2, 5),
        ("a\nb {{ sender. }}", 2, 3),
        ("{{ }}", 1, 1),
        ("ok {{ sender.name }}\n{% for x %}{% endfor %}", 2, 1),
        ("x {% render 'facts' %}", 1, 6),
        ("{% if sender.name %}\n{{ sender.name }}", 1, 1),
        ("{% if true %}\n {{ 1 | modulo: 0.0 }}{% endif %}", 2, 2),
        ("a\n{% for i in list limit: -1 %}{{ i }}{% endfor %}", 2, 4),
    ],
)
def test_a_fault_in_liquid_is_told_by_line_and_column(
    process: LiquidProcess, source: str, line: int, column: int
) -> None:
    with pytest.raises(Refused) as refused:
        fill(process, text=source)

    assert (refused.value.facts["line"], refused.value.facts["column"]) == (line, column)
