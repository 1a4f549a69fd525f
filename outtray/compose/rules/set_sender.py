"""Settle, for a kind of document, which Company Email sends it and who always gets a copy."""

from __future__ import annotations

from uuid import UUID

from outtray.compose.models import DocumentDefault, SendingRules
from outtray.documents.kinds.registry import KINDS
from outtray.lib.errors import Refused
from outtray.mail.address import Address, AddressError
from outtray.mailboxes.models import Mailbox, Whose
from outtray.people.models import Membership


def set_sender(
    membership: Membership, kind: str, *, send_from: UUID | None, cc_email: str = ""
) -> None:
    """Set the Send From Email and the CC Email of a kind; None leaves it to the User Email.

    Only for administrators. Raises Refused for what is not of this company, or no address.
    """
    require_may_settle(membership)
    require_kind(kind)
    require_company_email(membership, send_from)
    DocumentDefault.objects.update_or_create(
        company_id=membership.company_id,
        kind=kind,
        defaults={"send_from_id": send_from, "cc_email": address_of(cc_email)},
    )


def allow_company_email(membership: Membership, *, allowed: bool) -> None:
    """Whether the default Company Email sends for persons who have no User Email.

    Only for administrators. Without it their documents are refused, and say what to set up.
    """
    require_may_settle(membership)
    SendingRules.objects.update_or_create(
        company_id=membership.company_id, defaults={"may_use_company_email": allowed}
    )


def require_may_settle(membership: Membership) -> None:
    """Rules are an administrator's."""
    if not membership.is_administrator:
        raise Refused(
            "not_allowed", "Only an administrator may settle who sends documents and who gets them."
        )


def require_kind(kind: str) -> None:
    """Rules are for kinds that there are."""
    if kind not in KINDS:
        raise Refused("unknown_kind", f"There is no kind of document called {kind!r}.")


def require_company_email(membership: Membership, mailbox_id: UUID | None) -> None:
    """What sends for everybody is a Company Email of the same company."""
    company_emails = Mailbox.objects.filter(company_id=membership.company_id, whose=Whose.COMPANY)
    if mailbox_id is not None and not company_emails.filter(pk=mailbox_id).exists():
        raise Refused("no_such_mailbox", "There is no such Company Email.", field="send_from")


def address_of(text: str) -> str:
    """One address, or none."""
    try:
        return str(Address.parse(text)) if text.strip() else ""
    except AddressError as wrong:
        raise Refused("bad_address", f"{wrong}.".capitalize(), field="cc_email") from wrong
