"""The plans of a run: by the rules of its company, for the person who made it."""

from __future__ import annotations

from django.db.models import QuerySet

from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.outbox.planning import Choices, Planner
from outtray.people.models import Membership
from outtray.runs.models import Run, RunRow
from outtray.runs.wishes import RunWishes


def with_documents(rows: QuerySet[RunRow]) -> QuerySet[RunRow]:
    """The rows with all that resolving their documents asks for; they share their company."""
    whole = rows.select_related("document__party")
    return whole.prefetch_related("document__company", "document__party__contacts")


def planner_of(run: Run) -> Planner:
    """Reads the company's rules as they are now.

    Raises Refused where the person has left the company, or may no longer use the mailbox.
    """
    wishes = RunWishes.from_json(run.wishes)
    membership = _membership(run)
    choices = Choices(
        mailbox=_mailbox(membership, wishes),
        template=wishes.template,
        layout=wishes.layout,
        recipient=wishes.recipient,
        e_invoice=wishes.e_invoice,
    )
    return Planner(membership, choices)


def _membership(run: Run) -> Membership:
    members = Membership.objects.filter(company_id=run.company_id, person__is_active=True)
    mine = members.filter(person=run.made_by) if run.made_by else members.none()
    found = mine.select_related("company", "person").first()
    if found is None:
        raise Refused("not_allowed", "Whoever made this run is no longer in the company.")
    return found


def _mailbox(membership: Membership, wishes: RunWishes) -> Mailbox | None:
    if wishes.mailbox is None:
        return None
    usable = Mailbox.objects.usable_by(membership).select_related("owner", "company")
    found = usable.filter(pk=wishes.mailbox).first()
    if found is None:
        raise Refused("unknown_mailbox", f"There is no mailbox {wishes.mailbox}.", field="mailbox")
    return found
