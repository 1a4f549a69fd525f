"""The note of a Connect that somebody has begun: kept for ten minutes, for him, for one use."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

from django.db import transaction

from outtray.lib.errors import Refused
from outtray.lib.ids import new_id
from outtray.lib.sealing import Secret
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Connecting, Mailbox, OAuthApp
from outtray.people.models import Membership
from outtray.transports.oauth.assertions import verifier_and_challenge

# How long somebody may stay on the provider's pages.
TIME = timedelta(minutes=10)
# So many Connects of one person may be under way, in several windows.
_MOST = 10


@dataclass(frozen=True, slots=True)
class Begun:
    """What the person takes along to the provider."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    challenge: str


@dataclass(frozen=True, slots=True)
class Note:
    """What was kept meanwhile."""

    app: OAuthApp
    mailbox: Mailbox | None
    draft: MailboxDraft
    redirect_uri: str
    verifier: Secret
    nonce: str = field(repr=False)


def keep_note(
    membership: Membership,
    app: OAuthApp,
    draft: MailboxDraft,
    *,
    mailbox: Mailbox | None,
    redirect_uri: str,
    at: datetime,
) -> Begun:
    """Keep what was typed, all but a secret, until the person is back."""
    verifier, challenge = verifier_and_challenge()
    begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), challenge)
    typed = {part.name: getattr(draft, part.name) for part in fields(draft)}
    del typed["secret"]
    connecting = Connecting(
        id=new_id(),
        membership=membership,
        app=app,
        mailbox=mailbox,
        state_digest=_digest(begun.state),
        draft={**typed, "settings": dict(draft.settings)},
        redirect_uri=redirect_uri,
        created_at=at,
        expires_at=at + TIME,
    )
    secret = json.dumps({"verifier": verifier, "nonce": begun.nonce})
    connecting.sealed = ring().seal(Secret(secret), context=connecting.sealing_context)
    with transaction.atomic():
        Connecting.objects.filter(expires_at__lte=at).delete()
        connecting.save()
        _forget_oldest(membership)
    return begun


def _forget_oldest(membership: Membership) -> None:
    mine = Connecting.objects.filter(membership=membership).order_by("-created_at", "-pk")
    kept = list(mine.values_list("pk", flat=True)[:_MOST])
    Connecting.objects.filter(membership=membership).exclude(pk__in=kept).delete()


def take_note(membership: Membership, state: str, *, provider: str, at: datetime) -> Note:
    """The note of this state. It is gone afterwards, whatever becomes of the sign-in."""
    mine = Connecting.objects.select_related("app", "mailbox").filter(
        membership=membership, state_digest=_digest(state)
    )
    if provider:
        mine = mine.filter(app__provider=provider)
    connecting = mine.first()
    if connecting is None or not Connecting.objects.filter(pk=connecting.pk).delete()[0]:
        raise Refused(
            "sign_in_unknown",
            "This sign-in was not begun here by you, or it was finished already. "
            "Press Connect again.",
        )
    if connecting.expires_at <= at:
        raise Refused("sign_in_too_late", "The sign-in took too long. Press Connect again.")
    opened = ring().open(bytes(connecting.sealed), context=connecting.sealing_context)
    kept = json.loads(opened.value)
    return Note(
        app=connecting.app,
        mailbox=connecting.mailbox,
        draft=MailboxDraft(**connecting.draft),
        redirect_uri=connecting.redirect_uri,
        verifier=Secret(kept["verifier"]),
        nonce=kept["nonce"],
    )


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
