"""The layouts of a company: how its documents look, settled without code."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from outtray.documents.pdf.look import FONTS, FOOTER_PARTS
from outtray.lib.ids import new_id
from outtray.people.models import Company, Membership


class LayoutQuerySet(models.QuerySet["Layout"]):
    def visible_to(self, membership: Membership) -> LayoutQuerySet:
        return self.filter(company_id=membership.company_id)


def whole_footer() -> list[str]:
    return list(FOOTER_PARTS)


class Layout(models.Model):
    """A PDF layout. What it leaves empty (colour, paper, logo) is the company's.

    `columns` names by kind those that are left out, `texts` has `before`, `after` and
    `footer` by language, `footer` the parts of the footer that are shown. A company's
    default is used where nothing chooses another.
    """

    class Design(models.TextChoices):
        CLASSIC = "classic", "Classic"
        MODERN = "modern", "Modern"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="layouts")
    name = models.CharField(max_length=100)
    design = models.CharField(max_length=10, choices=Design.choices, default=Design.CLASSIC)
    font = models.CharField(max_length=30, default=FONTS[0])
    colour = models.CharField(max_length=7, blank=True)
    paper = models.CharField(max_length=10, choices=Company.Paper.choices, blank=True)
    logo = models.CharField(max_length=64, blank=True)
    logo_format = models.CharField(max_length=4, blank=True)
    shows_logo = models.BooleanField(default=True)
    columns = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    footer = models.JSONField(default=whole_footer)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = LayoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="layout_name_once"),
            models.UniqueConstraint(
                fields=["company"], name="one_default_layout", condition=Q(is_default=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name
