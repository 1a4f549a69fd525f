"""Connect a mailbox at Google or Microsoft, by OAuth 2 (RFC 6749 §4.1, RFC 7636, RFC 9700).

1. `begin` notes who wants what and tells where to send him. 2. He signs in and consents on the
provider's pages, and comes back with a code and the state. 3. `finish` takes the note, which
works once, in ten minutes, and for him alone; has the code exchanged; looks who signed in and
what was allowed; and saves the mailbox with its Grant.

`connect_app` needs nobody's presence: the application acts by itself.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from outtray.lib.errors import Refused
from outtray.lib.ids import new_id
from outtray.lib.sealing import Secret
from outtray.mailboxes import history
from outtray.mailboxes.drafts import MailboxDraft, checked
from outtray.mailboxes.health import UNPAUSED
from outtray.mailboxes.history import Code
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Connecting, Grant, Health, Mailbox, OAuthApp, SignIn, Whose
from outtray.mailboxes.oauth_apps import MANY_TENANTS, app_for
from outtray.mailboxes.oauth_secrets import client_of, provider_of, web
from outtray.mailboxes.rights import require_change
from outtray.mailboxes.routes import Settings, foreign_server
from outtray.mailboxes.save import save_company_email, save_user_email
from outtray.mailboxes.tokens import forget_tokens
from outtray.people.models import Membership
from outtray.transports.base import Failure
from outtray.transports.oauth import grants
from outtray.transports.oauth.answers import Granted, failure_told
from outtray.transports.oauth.assertions import verifier_and_challenge
from outtray.transports.oauth.identity import Identity, identity_in
from outtray.transports.oauth.providers import MICROSOFT, RESOURCES, missing

# How long somebody may stay on the provider's pages.
TIME = timedelta(minutes=10)
_MAX_CODE = 4096
_UNTYPED = Secret("-")


def begin(
    membership: Membership,
    draft: MailboxDraft,
    *,
    provider: str,
    redirect_uri: str,
    at: datetime,
    mailbox: Mailbox | None = None,
) -> str:
    """Where to send the person, so that he signs in and consents.

    The draft is checked as for saving, and kept until he is back; it may be of a mailbox that
    is not saved yet. `mailbox` is the Company Email to connect again, if it is one. Refuses
    where the administrator has not entered an app for the provider (`oauth_app_missing`).
    """
    draft = replace(draft, sign_in=provider, secret=None)
    stored = _changeable(membership, draft, mailbox)
    app = app_for(membership.company_id, provider)
    if not app.client_id:
        raise Refused(
            "oauth_client_missing", "Your administrator must first enter a client id and secret."
        )
    _require_own_servers(app, checked(replace(draft, secret=_UNTYPED), stored=stored).settings)
    verifier, challenge = verifier_and_challenge()
    state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    connecting = Connecting(
        id=new_id(),
        membership=membership,
        app=app,
        mailbox=stored,
        state_digest=_digest(state),
        draft=_kept(draft),
        redirect_uri=redirect_uri,
        created_at=at,
        expires_at=at + TIME,
    )
    kept = json.dumps({"verifier": verifier, "nonce": nonce})
    connecting.sealed = ring().seal(Secret(kept), context=connecting.sealing_context)
    with transaction.atomic():
        Connecting.objects.filter(expires_at__lte=at).delete()
        connecting.save()
    request = grants.AuthorizationRequest(
        redirect_uri=redirect_uri,
        scopes=_scopes(app, draft),
        state=state,
        nonce=nonce,
        challenge=challenge,
        account=str(draft.settings.get("username") or draft.address),
    )
    return grants.authorize_url(provider_of(app), app.client_id, request)


def finish(
    membership: Membership,
    *,
    state: str,
    code: str = "",
    error: str = "",
    error_description: str = "",
    provider: str = "",
    at: datetime,
) -> Mailbox:
    """The mailbox, saved and connected, when the person has come back. It has still to be
    validated; if another account has signed in than the mailbox's, Validate says so.

    `provider` is that of the address he came back to. Refuses: `sign_in_unknown` (the state is
    not ours, not this person's, or used), `sign_in_too_late`, `consent_denied`,
    `consent_needs_administrator`, `scopes_missing`, `no_refresh_token`, `sign_in_failed`. The
    last ones have the Failure among their facts, to be explained.
    """
    connecting = _taken(membership, state, provider, at=at)
    app = connecting.app
    draft = _draft(connecting.draft)
    if error or not code or len(code) > _MAX_CODE:
        raise _refused_there(error or "invalid_request", error_description)
    kept = json.loads(
        ring().open(bytes(connecting.sealed), context=connecting.sealing_context).value
    )
    scopes = _scopes(app, draft)
    granted = grants.exchange(
        web(),
        provider_of(app),
        client_of(app),
        code=code,
        verifier=Secret(kept["verifier"]),
        redirect_uri=connecting.redirect_uri,
        scopes=scopes,
        at=at,
    )
    if isinstance(granted, Failure):
        raise _failed(granted)
    identity = identity_in(
        granted.id_token,
        provider_of(app),
        client_id=app.client_id,
        nonce=kept["nonce"],
        at=at,
    )
    if isinstance(identity, Failure):
        raise _failed(identity)
    _require_all(granted, scopes)
    grant = _consent(app, granted, identity, scopes, at=at)
    draft = replace(draft, secret=granted.refresh_token)
    return _bound(membership, draft, connecting.mailbox, grant, at=at)


def connect_app(
    membership: Membership,
    draft: MailboxDraft,
    *,
    provider: str,
    at: datetime,
    mailbox: Mailbox | None = None,
) -> Mailbox:
    """A Company Email for which the application acts by itself, without anybody signing in.

    Needs a tenant of one's own and a secret or certificate at Microsoft, a service account
    with delegation at Google. Nothing is asked over the network: Validate does that.
    """
    if draft.whose != Whose.COMPANY:
        raise Refused("not_allowed", "Only a Company Email is sent by the application itself.")
    draft = replace(draft, sign_in=provider, secret=None)
    _changeable(membership, draft, mailbox)
    app = app_for(membership.company_id, provider)
    if provider == MICROSOFT and app.tenant in MANY_TENANTS:
        raise Refused(
            "tenant_needed",
            "An application by itself needs the tenant of your organisation, not one for many.",
        )
    if provider != MICROSOFT and not app.service_account:
        raise Refused("service_account_needed", "Enter the key file of a service account first.")
    typed = replace(draft, secret=Secret(""))
    _require_own_servers(app, checked(typed, stored=None).settings)
    scopes = provider_of(app).app_scopes[RESOURCES[draft.transport]]
    grant = Grant(
        app=app,
        provider=provider,
        kind=Grant.Kind.APP,
        scopes=" ".join(scopes),
        granted_at=at,
    )
    return _bound(membership, typed, mailbox, grant, at=at)


def _changeable(
    membership: Membership, draft: MailboxDraft, mailbox: Mailbox | None
) -> Mailbox | None:
    """The saved mailbox that the draft is of, if there is one and this person may change it."""
    if draft.whose == Whose.USER:
        return Mailbox.objects.filter(
            company_id=membership.company_id, whose=Whose.USER, owner_id=membership.person_id
        ).first()
    if not membership.is_administrator:
        raise Refused("not_allowed", "Only an administrator may set up a Company Email.")
    if mailbox is None:
        return None
    stored = Mailbox.objects.visible_to(membership).filter(pk=mailbox.pk).first()
    if stored is None:
        raise Refused("no_such_mailbox", "There is no such mailbox.")
    require_change(membership, stored)
    return stored


def _require_own_servers(app: OAuthApp, settings: Settings) -> None:
    foreign = foreign_server(app, settings)
    if foreign:
        field, host = foreign
        raise Refused(
            "server_of_another",
            f"{host} is no server of {SignIn(app.provider).label}. Leave it empty, and the right "
            "one is taken.",
            field=field,
        )


def _taken(membership: Membership, state: str, provider: str, *, at: datetime) -> Connecting:
    """The note of this sign-in, which is gone afterwards, whatever becomes of it."""
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
    return connecting


def _require_all(granted: Granted, scopes: tuple[str, ...]) -> None:
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


def _consent(
    app: OAuthApp, granted: Granted, identity: Identity, scopes: tuple[str, ...], *, at: datetime
) -> Grant:
    seconds = granted.refresh_seconds
    return Grant(
        app=app,
        provider=app.provider,
        kind=Grant.Kind.USER,
        account=identity.account,
        subject=identity.subject,
        scopes=" ".join(scopes),
        granted_at=at,
        expires_at=at + timedelta(seconds=seconds) if seconds else None,
    )


def _bound(
    membership: Membership,
    draft: MailboxDraft,
    mailbox: Mailbox | None,
    grant: Grant,
    *,
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


def _scopes(app: OAuthApp, draft: MailboxDraft) -> tuple[str, ...]:
    is_shared = bool(draft.settings.get("send_as"))
    return provider_of(app).scopes_for(RESOURCES[draft.transport], is_shared=is_shared)


def _kept(draft: MailboxDraft) -> dict[str, Any]:
    """A draft as it is kept meanwhile: all but a secret."""
    named = {part.name: getattr(draft, part.name) for part in fields(draft)}
    del named["secret"]
    return {**named, "settings": dict(draft.settings)}


def _draft(kept: Mapping[str, Any]) -> MailboxDraft:
    return MailboxDraft(**kept)


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


_NEEDS_ADMINISTRATOR = frozenset(
    {"AADSTS65001", "AADSTS90094", "AADSTS90093", "AADSTS90008", "AADSTS650056", "consent_required"}
)


def _refused_there(error: str, description: str) -> Refused:
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
    return _failed(failure)


def _failed(failure: Failure) -> Refused:
    return Refused("sign_in_failed", f"The sign-in failed: {failure.text}", failure=failure)
