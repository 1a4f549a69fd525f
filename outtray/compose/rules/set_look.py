"""Settle, for a kind of document, the email template and the PDF layout that are its usual ones."""

from __future__ import annotations

from uuid import UUID

from outtray.compose.models import DocumentDefault
from outtray.compose.rules.set_sender import require_kind, require_may_settle
from outtray.compose.templates.models import Level, Template
from outtray.documents.layouts import Layout
from outtray.lib.errors import Refused
from outtray.people.models import Membership


def set_look(
    membership: Membership, kind: str, *, template: UUID | None, layout: UUID | None
) -> None:
    """Set both; None leaves the choice to the template centre, and to the usual layout.

    Only for administrators. Raises Refused for what is not of this company, or does not fit.
    """
    require_may_settle(membership)
    require_kind(kind)
    require_template(membership, kind, template)
    require_layout(membership, layout)
    DocumentDefault.objects.update_or_create(
        company_id=membership.company_id,
        kind=kind,
        defaults={"template_id": template, "layout_id": layout},
    )


def require_template(membership: Membership, kind: str, template: UUID | None) -> None:
    """What is settled for everybody is an Application template, for just this kind."""
    fitting = Template.objects.filter(
        company_id=membership.company_id, level=Level.APPLICATION, archived_at__isnull=True
    )
    if template is not None and not fitting.filter(pk=template, purpose=kind).exists():
        raise Refused(
            "no_such_template",
            "There is no such Application template for this kind of document.",
            field="template",
        )


def require_layout(membership: Membership, layout: UUID | None) -> None:
    """A layout of the same company."""
    ours = Layout.objects.filter(company_id=membership.company_id)
    if layout is not None and not ours.filter(pk=layout).exists():
        raise Refused("no_such_layout", "There is no such PDF layout.", field="layout")
