"""The tags of the pages: icon, pill, field, connections, when, exact, clock_time, links, ..."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources

from babel.numbers import format_currency
from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from outtray.lib import clock
from outtray.web.connections import connections_of
from outtray.web.mailbox_form import MailboxForm
from outtray.web.navigation import Section
from outtray.web.pills import Pill, pill_of
from outtray.web.times import distance, length, time_of_day

register = template.Library()

_WEB_ADDRESS = re.compile(r"(https://[^\s<>\"]*[^\s<>\".,;:)])")
# A server, an address, or a command as Exchange's PowerShell takes it; all else is words.
_VALUE = (
    r"(?:Set|Get|New|Enable)-[A-Z]\w+(?: -\w+ [^\s,]+)*"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b(?!:)"
)
_PIECES = re.compile(
    rf"(?P<link>{_WEB_ADDRESS.pattern})|(?P<value>{_VALUE})|(?P<words>.+?(?=https://|{_VALUE}|$))",
    re.DOTALL,
)
_ICONS = resources.files("outtray.web").joinpath("icons")


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """A drawing beside a word; it says nothing by itself. Size: s, l or none."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', size, _strokes(name)
    )


@register.simple_tag
@cache
def pill(state: str) -> SafeString:
    """A state, in the one vocabulary of the pages."""
    return tone_pill(pill_of(state))


@register.simple_tag
def tone_pill(shown: Pill) -> SafeString:
    """A pill that a page has chosen itself."""
    return format_html('<span class="pill {}">{}</span>', shown.tone.value, shown.word)


@register.simple_tag
@lru_cache(maxsize=128)
def drawn(part: str, navigation: Sequence[Section], attention: int) -> SafeString:
    """The sidebar or the bottom bar, drawn once for all who see the same in it."""
    shown = {"navigation": navigation, "attention": attention}
    return render_to_string(f"outtray/parts/{part}.html", shown)


@register.inclusion_tag("outtray/parts/field.html")
def field(bound: BoundField, width: int = 12, hint: str = "") -> dict[str, object]:
    """A form field with label, help and its errors; `width` in twelfths of the form.

    A form in which nearly all is optional need not say it each time (`says_optional`).
    """
    return {
        "field": bound,
        "width": width,
        "hint": hint or bound.help_text,
        "kind": getattr(bound.field.widget, "input_type", ""),
        "says_optional": getattr(bound.form, "says_optional", True),
    }


@register.inclusion_tag("outtray/parts/mailbox_connections.html", takes_context=True)
def connections(context: Context, form: MailboxForm) -> dict[str, object]:
    """Where the person of this mailbox signs in: a row for each provider, and Connect."""
    return connections_of(context["membership"], form)


@register.simple_tag
def when(moment: datetime | None, otherwise: str = "") -> SafeString | str:
    """How long ago or until, with the exact time on hover."""
    if moment is None:
        return otherwise
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>',
        moment.astimezone(UTC).isoformat(timespec="seconds"),
        exact(moment),
        distance(moment, clock.now()),
    )


@register.filter
def exact(moment: datetime) -> str:
    """The time to the second, in the person's time zone, which it names."""
    return timezone.localtime(moment).strftime("%a %-d %b %Y, %H:%M:%S %Z")


@register.filter
def clock_time(moment: datetime) -> str:
    """The time of day in the person's time zone, with its day if that is not today."""
    return time_of_day(moment, clock.now())


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency."""
    if amount is None:
        return ""
    if not currency:
        return f"{amount:,}"
    sign, digits = _currency(currency)
    return f"{'-' if amount.is_signed() else ''}{sign}{abs(amount):,.{digits}f}"


@lru_cache(maxsize=512)
def _currency(code: str) -> tuple[str, int]:
    """What stands before an amount, and how many digits behind its point (Unicode CLDR).

    Asked once for each, because it takes longer than all else of a row.
    """
    sign, _, digits = format_currency(0, code, locale="en").partition("0")
    return sign, len(digits.removeprefix("."))


@register.filter
def thousands(number: int) -> str:
    """A count as people read it: 2,140."""
    return f"{number:,}"


@register.filter
def minus(number: int, other: int) -> int:
    """A count without another."""
    return number - other


@register.filter
def left(time: timedelta | None) -> str:
    """How much longer something takes, if that is known."""
    return f"about {length(time)} left" if time is not None else ""


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and the last word."""
    words = name.split()
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """This page's query with some parameters changed; an empty value drops one."""
    parameters: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value not in (None, ""):
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


@cache
def _strokes(name: str) -> SafeString:
    return mark_safe(_ICONS.joinpath(f"{name}.svg").read_text().strip())  # noqa: S308 - our own file


@register.filter
def links(text: str) -> SafeString:
    """The text with its web addresses as links. Mail addresses stay text: they are values."""
    pieces = _WEB_ADDRESS.split(text)
    return format_html_join(
        "",
        "{}{}",
        (
            (piece, _link(address) if address else "")
            for piece, address in zip(pieces[::2], [*pieces[1::2], ""], strict=True)
        ),
    )


@register.filter
def step(text: str) -> SafeString:
    """A step with its web addresses as links, and what is to be typed ready to be copied."""
    pieces = ((found.lastgroup, found[0]) for found in _PIECES.finditer(text))
    return format_html_join("", "{}", ((_SHOWN[kind or ""](piece),) for kind, piece in pieces))


def _link(address: str) -> SafeString:
    return format_html('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>', address)


def _value(text: str) -> SafeString:
    return format_html(
        '<button type="button" class="value" data-copies aria-label="Copy {0}">{0}</button>', text
    )


_SHOWN: Mapping[str, Callable[[str], SafeString | str]] = {
    "link": _link,
    "value": _value,
    "words": str,
}
