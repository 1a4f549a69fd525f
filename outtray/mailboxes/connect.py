"""Connect a mailbox at Google or Microsoft, by OAuth 2 (RFC 6749 §4.1, RFC 7636, RFC 9700).

1. `begin` notes who wants what and tells where to send him. 2. He signs in and consents on the
provider's pages, and comes back with a code and the state. 3. `finish` takes the note, which
works once, in ten minutes, and for him alone; has the code exchanged; looks who signed in and
what was allowed; and saves the mailbox with its Grant.

`connect_app` needs nobody's presence: the application acts by itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.mailboxes.connecting import Note, keep_note, take_note
from outtray.mailboxes.consent import failed, refused_there, require_all, save_with
from outtray.mailboxes.drafts import MailboxDraft, checked
from outtray.mailboxes.models import Grant, Mailbox, OAuthApp, SignIn, Whose
from outtray.mailboxes.oauth_apps import MANY_TENANTS, app_for
from outtray.mailboxes.oauth_secrets import client_of, provider_of, web
from outtray.mailboxes.rights import require_change
from outtray.mailboxes.routes import foreign_server
from outtray.mailboxes.tokens import keep_token
from outtray.people.models import Membership
from outtray.transports.base import Failure
from outtray.transports.oauth import grants
from outtray.transports.oauth.answers import Granted
from outtray.transports.oauth.identity import Identity, identity_in
from outtray.transports.oauth.providers import MICROSOFT, RESOURCES

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
    draft = replace(draft, sign_in=provider, secret=_UNTYPED)
    stored = _changeable(membership, draft, mailbox)
    app = app_for(membership.company_id, provider)
    if not app.client_id:
        raise Refused(
            "oauth_client_missing", "Your administrator must first enter a client id and secret."
        )
    _require_usable(app, draft, stored)
    begun = keep_note(membership, app, draft, mailbox=stored, redirect_uri=redirect_uri, at=at)
    request = grants.AuthorizationRequest(
        redirect_uri=redirect_uri,
        scopes=_scopes(app, draft),
        state=begun.state,
        nonce=begun.nonce,
        challenge=begun.challenge,
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
    last one has the Failure among its facts, to be explained.
    """
    note = take_note(membership, state, provider=provider, at=at)
    if error or not code or len(code) > _MAX_CODE:
        raise refused_there(error or "invalid_request", error_description)
    granted, identity = _exchanged(note, code, at=at)
    require_all(granted, _scopes(note.app, note.draft))
    draft = replace(note.draft, secret=granted.refresh_token)
    grant = _grant(note, granted, identity, at=at)
    saved = save_with(membership, draft, grant, mailbox=note.mailbox, at=at)
    keep_token(grant, RESOURCES[draft.transport], granted, at=at)
    return saved


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
    draft = replace(draft, sign_in=provider, secret=Secret(""))
    stored = _changeable(membership, draft, mailbox)
    app = app_for(membership.company_id, provider)
    _require_able_by_itself(app)
    _require_usable(app, draft, stored)
    grant = Grant(
        app=app,
        provider=provider,
        kind=Grant.Kind.APP,
        scopes=" ".join(provider_of(app).app_scopes[RESOURCES[draft.transport]]),
        granted_at=at,
    )
    return save_with(membership, draft, grant, mailbox=mailbox, at=at)


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


def _require_usable(app: OAuthApp, draft: MailboxDraft, stored: Mailbox | None) -> None:
    """Refuse what could not be saved afterwards, so that nobody signs in for nothing."""
    foreign = foreign_server(app, checked(draft, stored=stored).settings)
    if foreign:
        field, host = foreign
        raise Refused(
            "server_of_another",
            f"{host} is no server of {SignIn(app.provider).label}. Leave it empty, and the right "
            "one is taken.",
            field=field,
        )


def _require_able_by_itself(app: OAuthApp) -> None:
    if app.provider == MICROSOFT and app.tenant in MANY_TENANTS:
        raise Refused(
            "tenant_needed",
            "An application by itself needs the tenant of your organisation, not one for many.",
        )
    if app.provider != MICROSOFT and not app.service_account:
        raise Refused("service_account_needed", "Enter the key file of a service account first.")


def _exchanged(note: Note, code: str, *, at: datetime) -> tuple[Granted, Identity]:
    """The tokens, and who signed in for them."""
    granted = grants.exchange(
        web(),
        provider_of(note.app),
        client_of(note.app),
        code=code,
        verifier=note.verifier,
        redirect_uri=note.redirect_uri,
        scopes=_scopes(note.app, note.draft),
        at=at,
    )
    if isinstance(granted, Failure):
        raise failed(granted)
    identity = identity_in(
        granted.id_token,
        provider_of(note.app),
        client_id=note.app.client_id,
        nonce=note.nonce,
        at=at,
    )
    if isinstance(identity, Failure):
        raise failed(identity)
    return granted, identity


def _grant(note: Note, granted: Granted, identity: Identity, *, at: datetime) -> Grant:
    seconds = granted.refresh_seconds
    return Grant(
        app=note.app,
        provider=note.app.provider,
        kind=Grant.Kind.USER,
        account=identity.account,
        subject=identity.subject,
        scopes=" ".join(_scopes(note.app, note.draft)),
        granted_at=at,
        expires_at=at + timedelta(seconds=seconds) if seconds else None,
    )


def _scopes(app: OAuthApp, draft: MailboxDraft) -> tuple[str, ...]:
    is_shared = bool(draft.settings.get("send_as"))
    return provider_of(app).scopes_for(RESOURCES[draft.transport], is_shared=is_shared)
