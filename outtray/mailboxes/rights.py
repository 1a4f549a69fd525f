"""Who may change a mailbox: its owner a User Email, an administrator a Company Email."""

from __future__ import annotations

from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox, Whose
from outtray.people.models import Membership


def may_change(membership: Membership, mailbox: Mailbox) -> bool:
    """Whether this person may; an administrator only looks at the User Emails of others."""
    if mailbox.company_id != membership.company_id:
        return False
    if mailbox.whose == Whose.USER:
        return mailbox.owner_id == membership.person_id
    return membership.is_administrator


def require_change(membership: Membership, mailbox: Mailbox) -> None:
    """Refuse everybody else."""
    if not may_change(membership, mailbox):
        is_user = mailbox.whose == Whose.USER
        raise Refused(
            "not_allowed",
            "Only its owner may change a User Email."
            if is_user
            else "Only an administrator may change a Company Email.",
        )
