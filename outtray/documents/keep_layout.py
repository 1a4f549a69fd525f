"""Keeps a company's PDF layouts: makes, changes and deletes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from outtray.documents.glyphs import can_show
from outtray.documents.kinds.registry import KINDS
from outtray.documents.languages import LANGUAGES
from outtray.documents.layout_columns import columns_of
from outtray.documents.layouts import Layout
from outtray.documents.pdf.look import DESIGNS, FONTS, FOOTER_PARTS
from outtray.lib.errors import Refused
from outtray.people.models import Company, Membership

# Characters of each own text: a longer footer would leave the page.
MOST_TEXT: Mapping[str, int] = {"before": 1_000, "after": 1_000, "footer": 240}


@dataclass(frozen=True, slots=True)
class LayoutWish:
    """What somebody wants a layout to be; the fields are those of Layout."""

    name: str
    design: str = DESIGNS[0]
    font: str = FONTS[0]
    colour: str = ""
    paper: str = ""
    logo: str = ""
    logo_format: str = ""
    shows_logo: bool = True
    columns: Mapping[str, list[str]] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    footer: tuple[str, ...] = FOOTER_PARTS
    is_default: bool = False


def keep_layout(
    membership: Membership, wish: LayoutWish, *, layout: Layout | None = None, at: datetime
) -> Layout:
    """Make a layout, or change this one. A new default takes the place of the old one.

    What was accepted keeps the look it was accepted with. Only for administrators. Raises
    Refused at the field that is wrong.
    """
    require_may_keep(membership)
    kept = drafted(membership.company, wish, layout=layout, at=at)
    with transaction.atomic():
        # Two at once would both find the name free.
        Company.objects.select_for_update().get(pk=membership.company_id)
        others = Layout.objects.filter(company_id=membership.company_id).exclude(pk=kept.pk)
        if others.filter(name=kept.name).exists():
            raise Refused("name_taken", f"There is a layout “{kept.name}” already.", field="name")
        if kept.is_default:
            others.update(is_default=False)
        kept.save()
    return kept


def drafted(
    company: Company, wish: LayoutWish, *, layout: Layout | None = None, at: datetime
) -> Layout:
    """The layout as it would be kept, unsaved, to look at it. Raises Refused like `keep_layout`."""
    _check(wish)
    made = layout or Layout(company=company, created_at=at)
    made.name, made.design, made.font = wish.name, wish.design, wish.font
    made.colour, made.paper, made.is_default = wish.colour, wish.paper, wish.is_default
    made.logo, made.logo_format, made.shows_logo = wish.logo, wish.logo_format, wish.shows_logo
    made.columns = {kind: sorted(names) for kind, names in wish.columns.items() if names}
    made.texts = {
        language: {name: texts.get(name, "").strip() for name in MOST_TEXT}
        for language, texts in wish.texts.items()
        if any(texts.values())
    }
    made.footer = [part for part in FOOTER_PARTS if part in wish.footer]
    made.changed_at = at
    return made


def delete_layout(membership: Membership, layout: Layout) -> None:
    """Delete it. Whatever had chosen it takes the next in the order; sent documents stay.

    Only for administrators.
    """
    require_may_keep(membership)
    layout.delete()


def require_may_keep(membership: Membership) -> None:
    """Raises Refused("not_allowed") for whoever is no administrator."""
    if not membership.is_administrator:
        raise Refused("not_allowed", "Only an administrator may change how documents look.")


def _check(wish: LayoutWish) -> None:
    if not wish.name.strip():
        raise Refused("bad_text", "A layout needs a name.", field="name")
    assert wish.design in DESIGNS, "a form offers only those that there are"
    assert wish.font in FONTS, "a form offers only those that there are"
    for kind, names in wish.columns.items():
        _check_columns(kind, names)
    assert set(wish.texts) <= set(LANGUAGES), "texts are in languages of documents"
    for language, texts in wish.texts.items():
        for name, text in texts.items():
            _check_text(text, MOST_TEXT[name], field=f"{name}_{language}")


def _check_columns(kind: str, names: Iterable[str]) -> None:
    if kind not in KINDS:
        raise Refused("unknown_kind", f"There is no kind of document called {kind[:50]!r}.")
    known = [name for name, _ in columns_of(KINDS[kind])]
    unknown = next((name for name in names if name not in known), "")
    if unknown:
        raise Refused(
            "unknown_column",
            f"There is no column “{unknown[:50]}” that {KINDS[kind].plural('en').lower()} can "
            f"leave out. There are: {', '.join(known)}.",
            field=f"columns_{kind}",
        )


def _check_text(text: str, most: int, *, field: str) -> None:
    if len(text) > most:
        raise Refused("bad_text", f"This has at most {most} characters.", field=field)
    unknown = next((sign for sign in text if not can_show(sign)), "")
    if unknown:
        raise Refused("missing_glyph", f"No font here can print “{unknown}”.", field=field)
