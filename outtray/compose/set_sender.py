"""Settle, for a kind of document, which Company Email sends it and who always gets a copy."""

from __future__ import annotations

from uuid import UUID

from outtray.compose.models import DocumentDefault
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
    if not membership.is_administrator:
        raise Refused("not_allowed", "Only an administrator may settle who sends documents.")
    if kind not in KINDS:
        raise Refused("unknown_kind", f"There is no kind of document called {kind!r}.")
    if send_from is not None and not _is_company_email(membership, send_from):
        raise Refused("no_such_mailbox", "There is no such Company Email.", field="send_from")
    DocumentDefault.objects.update_or_create(
        company_id=membership.company_id,
        kind=kind,
        defaults={"send_from_id": send_from, "cc_email": _address(cc_email)},
    )


def _is_company_email(membership: Membership, mailbox_id: UUID) -> bool:
    company_emails = Mailbox.objects.filter(company_id=membership.company_id, whose=Whose.COMPANY)
    return company_emails.filter(pk=mailbox_id).exists()


def _address(text: str) -> str:
    try:
        return str(Address.parse(text)) if text.strip() else ""
    except AddressError as wrong:
        raise Refused("bad_address", f"{wrong}.".capitalize(), field="cc_email") from wrong
