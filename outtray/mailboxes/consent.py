"""A consent: whether it is the one that is needed, and its Grant beside the saved mailbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from outtray.lib.errors import Refused
from outtray.mailboxes import history
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.health import UNPAUSED
from outtray.mailboxes.history import Code
from outtray.mailboxes.models import Grant, Health, Mailbox, Whose
from outtray.mailboxes.save import save_company_email, save_user_email
from outtray.mailboxes.tokens import forget_tokens
from outtray.people.models import Membership
from outtray.transports.base import Failure
from outtray.transports.oauth.answers import Granted, failure_told
from outtray.transports.oauth.providers import missing

_NEEDS_ADMINISTRATOR = frozenset(
    {"AADSTS65001", "AADSTS90094", "AADSTS90093", "AADSTS90008", "AADSTS650056", "consent_required"}
)


def require_all(granted: Granted, scopes: Sequence[str]) -> None:
    """Refuse a consent that does not last, or lacks a box that was unticked."""
    if granted.refresh_token is None:
        raise Refused(
            "no_refresh_token",
            "The provider gave no lasting consent. Remove Outtray from the apps of your account "
            "there, and press Connect again.",
        )
    lacking = missing(scopes, granted.scopes or scopes)
    if lacking:
        raise Refused(
            "scopes_missing",
            "Not all that is needed was allowed. Press Connect again, and leave every box ticked.",
            scopes=lacking,
        )


def refused_there(error: str, description: str) -> Refused:
    """What the provider's page sent back instead of a code (RFC 6749 §4.1.2.1).

    It came through the browser, so its words are shown to him and believed in nothing else.
    """
    failure = failure_told(0, {"error": error[:100], "error_description": description[:400]})
    if failure.identifier in _NEEDS_ADMINISTRATOR:
        return Refused(
            "consent_needs_administrator",
            "Your organisation lets only its administrator allow this. Ask him to press Connect, "
            "or to grant the consent for everybody.",
            failure=failure,
        )
    if error == "access_denied":
        return Refused(
            "consent_denied",
            "You did not allow it on the provider's page, so nothing was connected.",
            failure=failure,
        )
    return failed(failure)


def failed(failure: Failure) -> Refused:
    """A no of the sign-in service, with the Failure to be explained."""
    return Refused("sign_in_failed", f"The sign-in failed: {failure.text}", failure=failure)


def save_with(
    membership: Membership,
    draft: MailboxDraft,
    grant: Grant,
    *,
    mailbox: Mailbox | None,
    at: datetime,
) -> Mailbox:
    """Save the mailbox with a new Grant, in one step. It has to be validated anew."""
    with transaction.atomic():
        if draft.whose == Whose.USER:
            saved = save_user_email(membership, draft, at=at)
        else:
            saved = save_company_email(membership, draft, mailbox=mailbox, at=at)
        ended = list(Grant.objects.filter(mailbox=saved).values_list("pk", flat=True))
        Grant.objects.filter(mailbox=saved).delete()
        grant.mailbox = saved
        grant.save(force_insert=True)
        Mailbox.objects.filter(pk=saved.pk).update(
            health=Health.UNVALIDATED, validated_at=None, validated_settings="", **UNPAUSED
        )
        detail = {"provider": grant.provider, "account": grant.account, "kind": grant.kind}
        history.record(saved.pk, Code.CONNECTED, at=at, by=membership.person, detail=detail)
    for grant_id in ended:
        forget_tokens(grant_id)
    return Mailbox.objects.get(pk=saved.pk)
