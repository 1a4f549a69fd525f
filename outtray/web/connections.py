"""Where a person signs in for a mailbox: the providers, and the consent that a mailbox has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from outtray.mailboxes.models import Grant, Mailbox, OAuthApp, SignIn, Whose
from outtray.people.models import Membership, Role
from outtray.web.mailbox_form import MailboxForm


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A provider on the set-up page. `grant` is the consent of the mailbox that is shown."""

    provider: SignIn
    summary: str
    icon: str
    app: OAuthApp | None
    grant: Grant | None
    is_suggested: bool

    @property
    def is_of_another(self) -> bool:
        """Whether somebody else has signed in than the mailbox's address, which sends."""
        if self.grant is None or not self.grant.account:
            return False
        mailbox = self.grant.mailbox
        is_same = self.grant.account.casefold() == mailbox.address.casefold()
        return not is_same and not mailbox.settings.get("send_as")

    @property
    def can_sign_in(self) -> bool:
        """Whether what an administrator has entered is enough for somebody to sign in."""
        return self.app is not None and bool(self.app.client_id)

    @property
    def can_act_alone(self) -> bool:
        """Whether the application may act by itself with what was entered."""
        app = self.app
        if app is None:
            return False
        if app.provider == SignIn.GOOGLE:
            return bool(app.service_account)
        return bool(app.client_id and app.tenant and (app.has_secret or app.certificate))


_ABOUT: Mapping[SignIn, tuple[str, str]] = {
    SignIn.GOOGLE: ("Gmail and Google Workspace", "brand-google"),
    SignIn.MICROSOFT: ("Microsoft 365, Outlook.com, Exchange Online", "brand-windows"),
}


def rows_of(membership: Membership, form: MailboxForm) -> list[ProviderRow]:
    """The providers at which one can sign in for this mailbox, with what is known of each."""
    apps = {app.provider: app for app in OAuthApp.objects.filter(company=membership.company)}
    grant = _grant_of(form.mailbox)
    chosen = str(form["sign_in"].value() or "")
    return [
        ProviderRow(
            provider=provider,
            summary=_ABOUT[provider][0],
            icon=_ABOUT[provider][1],
            app=apps.get(provider),
            grant=grant if grant and grant.provider == provider else None,
            is_suggested=provider == chosen,
        )
        for provider in (SignIn(way.sign_in) for way in form.service.providers)
    ]


def connections_of(membership: Membership, form: MailboxForm) -> dict[str, object]:
    """What the part of the page with the Connect buttons shows."""
    rows = rows_of(membership, form)
    return {
        "membership": membership,
        "form": form,
        "rows": rows,
        "suggests": any(row.is_suggested for row in rows),
        "administrators": administrators_of(membership),
        **_addresses(form),
    }


def _addresses(form: MailboxForm) -> dict[str, str]:
    """Where this form is posted to connect: with somebody who signs in, or without."""
    if form.whose == Whose.USER:
        return {"connect": reverse("user_email_connection")}
    if form.mailbox is None:
        return {
            "connect": reverse("company_email_connection"),
            "connect_alone": reverse("company_email_app_connection"),
        }
    ids = [form.mailbox.pk]
    return {
        "connect": reverse("mailbox_connection", args=ids),
        "connect_alone": reverse("mailbox_app_connection", args=ids),
    }


def administrators_of(membership: Membership) -> list[str]:
    """Whom to ask for what only an administrator can do."""
    found = Membership.objects.filter(
        company=membership.company, role=Role.ADMINISTRATOR
    ).select_related("person")
    return [member.person.name or member.person.email for member in found[:3]]


def _grant_of(mailbox: Mailbox | None) -> Grant | None:
    if mailbox is None or not mailbox.sign_in:
        return None
    return Grant.objects.select_related("mailbox").filter(mailbox=mailbox).first()
