"""The pages' addresses. Of allauth's pages only these exist: signing in and out, passwords."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from outtray.web import (
    company,
    connecting,
    delivery_hold,
    detections,
    home,
    keys,
    mailbox_sending,
    mailboxes,
    passwords,
    persons,
    probes,
    profile,
    recipients,
    senders,
    sign_in_providers,
    start,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.show, name="home"),
    path("", include("outtray.web.work_urls")),
    path("demo/inbox/", include("outtray.web.demo_urls")),
    path("attention/", home.count_attention, name="attention"),
    path("delivery/hold/", delivery_hold.show, name="delivery_hold"),
    path("delivery/release/", delivery_hold.delete, name="release_delivery"),
    path("start/<str:token>/", start.show, name="start"),
    path("password/<str:token>/", passwords.choose, name="password_link"),
    path("company/switch/", profile.switch_company, name="switch_company"),
    path("profile/", profile.show, name="profile"),
    path("user-email/", mailboxes.user_email, name="user_email"),
    path("user-email/probes/", probes.create_for_user_email, name="user_email_probes"),
    path("company-emails/", mailboxes.company_emails, name="company_emails"),
    path("company-emails/new/", mailboxes.new_company_email, name="new_company_email"),
    path("company-emails/probes/", probes.create_for_company_email, name="company_email_probes"),
    path("company-emails/<uuid:mailbox_id>/", mailboxes.company_email, name="company_email"),
    path("company-emails/<uuid:mailbox_id>/default/", mailboxes.set_default, name="set_default"),
    path("company-emails/<uuid:mailbox_id>/delete/", mailboxes.delete, name="delete_company_email"),
    path("mailboxes/preset/", detections.show, name="mailbox_preset"),
    path("mailboxes/service/", mailboxes.service, name="mailbox_service"),
    path("mailboxes/better-way/", mailboxes.better_way, name="mailbox_better_way"),
    path("mailboxes/<uuid:mailbox_id>/", mailbox_sending.show, name="mailbox"),
    path("mailboxes/<uuid:mailbox_id>/status/", mailbox_sending.status, name="mailbox_status"),
    path("mailboxes/<uuid:mailbox_id>/pace/", mailbox_sending.set_pace, name="mailbox_pace"),
    path("mailboxes/<uuid:mailbox_id>/copies/", mailbox_sending.set_copies, name="mailbox_copies"),
    path(
        "mailboxes/<uuid:mailbox_id>/resumption/", mailbox_sending.resume, name="mailbox_resumption"
    ),
    path("mailboxes/<uuid:mailbox_id>/probes/", probes.create, name="mailbox_probes"),
    path("user-email/connection/", connecting.create_for_user_email, name="user_email_connection"),
    path(
        "company-emails/connection/",
        connecting.create_for_company_email,
        name="company_email_connection",
    ),
    path(
        "company-emails/app-connection/",
        connecting.create_alone_for_company_email,
        name="company_email_app_connection",
    ),
    path("mailboxes/<uuid:mailbox_id>/connection/", connecting.create, name="mailbox_connection"),
    path(
        "mailboxes/<uuid:mailbox_id>/app-connection/",
        connecting.create_alone,
        name="mailbox_app_connection",
    ),
    path(
        "mailboxes/<uuid:mailbox_id>/disconnection/",
        connecting.delete,
        name="mailbox_disconnection",
    ),
    path("mailboxes/connected/<slug:provider>/", connecting.finished, name="mailbox_connected"),
    path("probes/<uuid:probe_id>/", probes.show, name="probe"),
    path("settings/", company.show, name="company"),
    path("settings/logo/", company.logo, name="logo"),
    path("settings/people/", persons.index, name="persons"),
    path("settings/people/<uuid:member_id>/link/", persons.make_link, name="person_link"),
    path("settings/people/<uuid:member_id>/role/", persons.set_role, name="person_role"),
    path("settings/people/<uuid:member_id>/remove/", persons.remove, name="remove_person"),
    path("settings/senders/", senders.show, name="senders"),
    path("settings/recipients/", recipients.index, name="recipients"),
    path("settings/recipients/<slug:kind>/", recipients.show, name="recipient_rule"),
    path("settings/sign-in-providers/", sign_in_providers.index, name="sign_in_providers"),
    path(
        "settings/sign-in-providers/<slug:provider>/",
        sign_in_providers.save,
        name="save_sign_in_provider",
    ),
    path(
        "settings/sign-in-providers/<slug:provider>/remove/",
        sign_in_providers.remove,
        name="remove_sign_in_provider",
    ),
    path("settings/keys/", keys.index, name="keys"),
    path("settings/keys/<uuid:key_id>/revoke/", keys.revoke, name="revoke_key"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("profile/password/", account.password_change, name="account_change_password"),
    path("inactive/", account.account_inactive, name="account_inactive"),
]
