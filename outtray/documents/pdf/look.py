"""How a company's documents look: paper, colour, logo."""

from __future__ import annotations

import base64

from django.conf import settings

from outtray.documents.logo import Logo, check_logo
from outtray.documents.pdf.page import Page
from outtray.documents.schema.paper import Paper
from outtray.documents.wording import shared_words
from outtray.people.models import Company


def look_of(company: Company, paper: Paper) -> Page:
    """What the layout needs to know of the company beyond the paper itself."""
    return {
        "paper": company.paper,
        "accent": company.colour,
        "issuer": paper.issuer.name,
        "logo": _logo(company, paper) if company.logo else None,
    }


def _logo(company: Company, paper: Paper) -> Page:
    logo = check_logo(settings.BLOBS.get(company.logo))
    alt = shared_words(paper.language)["logo"].format(name=paper.issuer.name)
    return {"svg": as_svg(logo), "width": logo.width, "height": logo.height, "alt": alt}


def as_svg(logo: Logo) -> str:
    """The logo as SVG text: photographs are wrapped, since data for the layout is text."""
    if logo.format == "svg":
        return logo.content.decode()
    coded = base64.b64encode(logo.content).decode()
    size = f'width="{logo.width:.0f}" height="{logo.height:.0f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
        f'<image {size} href="data:{logo.content_type};base64,{coded}"/></svg>'
    )
