"""How a company's documents look: paper, colour, logo."""

from __future__ import annotations

from django.conf import settings

from outtray.documents.logo import read_logo
from outtray.documents.pdf.colour import on_paper
from outtray.documents.pdf.page import Page
from outtray.documents.schema.paper import Paper
from outtray.documents.wording import shared_words
from outtray.people.models import Company


def look_of(company: Company, paper: Paper) -> Page:
    """What the layout needs to know of the company beyond the paper itself."""
    return {
        "paper": company.paper,
        "accent": on_paper(company.colour),
        "issuer": paper.issuer.name,
        "logo": _logo(company, paper) if company.logo else None,
    }


def _logo(company: Company, paper: Paper) -> Page:
    logo = read_logo(settings.BLOBS.get(company.logo))
    alt = shared_words(paper.language)["logo"].format(name=paper.issuer.name)
    return {"svg": logo.as_svg(), "width": logo.width, "height": logo.height, "alt": alt}
