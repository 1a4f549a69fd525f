"""The pages' addresses. Of allauth's pages only these exist: signing in and out, passwords."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from outtray.web import home, profile

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.show, name="home"),
    path("attention", home.count_attention, name="attention"),
    path("company/switch", profile.switch_company, name="switch_company"),
    path("profile", profile.show, name="profile"),
    path("sign-in", account.login, name="account_login"),
    path("sign-out", account.logout, name="account_logout"),
    path("profile/password", account.password_change, name="account_change_password"),
    path("inactive", account.account_inactive, name="account_inactive"),
]
