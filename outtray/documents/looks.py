"""From a company's layouts to looks: what the database knows, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from uuid import UUID

from django.conf import settings

from outtray.documents.layouts import Layout
from outtray.documents.logo import read_logo
from outtray.documents.pdf.colour import on_paper
from outtray.documents.pdf.look import LogoPicture, Look, LookTexts
from outtray.people.models import Company


@dataclass(frozen=True)
class Looks:
    """The looks of a company's layouts: for many documents, all read at once."""

    company: Company
    layouts: Mapping[UUID, Layout]
    _made: dict[UUID, Look] = field(default_factory=dict)

    @classmethod
    def of(cls, company: Company) -> Looks:
        """One query, and the logo once, whatever number of documents follows."""
        return cls(company, {each.pk: each for each in Layout.objects.filter(company=company)})

    @cached_property
    def plain(self) -> Look:
        """The look of a company without layouts: its own colour, paper and logo."""
        return Look(
            paper=str(self.company.paper),
            colour=on_paper(self.company.colour),
            logo=_picture(self.company.logo),
        )

    @cached_property
    def standard(self) -> Look:
        """What is used where nothing chooses a layout."""
        return self.by_id(self.default.pk) if self.default else self.plain

    @property
    def default(self) -> Layout | None:
        """The layout that is used where nothing chooses another."""
        return next((each for each in self.layouts.values() if each.is_default), None)

    def by_id(self, layout_id: UUID) -> Look:
        """The look of one of the layouts, made once."""
        if layout_id not in self._made:
            self._made[layout_id] = self.of_layout(self.layouts[layout_id])
        return self._made[layout_id]

    def of_layout(self, layout: Layout) -> Look:
        """The look of a layout, which need not be stored."""
        return replace(
            self.plain,
            design=str(layout.design),
            font=layout.font,
            colour=on_paper(layout.colour) if layout.colour else self.plain.colour,
            paper=str(layout.paper) or self.plain.paper,
            logo=self._logo_of(layout) if layout.shows_logo else None,
            hidden={kind: tuple(names) for kind, names in layout.columns.items()},
            texts={language: LookTexts(**texts) for language, texts in layout.texts.items()},
            footer=tuple(layout.footer),
        )

    def _logo_of(self, layout: Layout) -> LogoPicture | None:
        return _picture(layout.logo) if layout.logo else self.plain.logo


def _picture(digest: str) -> LogoPicture | None:
    if not digest:
        return None
    logo = read_logo(settings.BLOBS.get(digest))
    return LogoPicture(logo.as_svg(), logo.width, logo.height)
