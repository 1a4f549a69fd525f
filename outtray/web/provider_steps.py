"""How to register Outtray at Google and at Microsoft, step by step with the pages to open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from outtray.mailboxes.models import SignIn


@dataclass(frozen=True, slots=True)
class Steps:
    """What an administrator does at a provider: so that people can sign in, and beyond that so
    that a Company Email needs no person."""

    about: str
    for_persons: tuple[str, ...]
    without_person: tuple[str, ...]


STEPS: Mapping[str, Steps] = {
    SignIn.GOOGLE: Steps(
        about="For Gmail and Google Workspace.",
        for_persons=(
            "Open Google Cloud and choose or make a project: "
            "https://console.cloud.google.com/projectselector2/home/dashboard",
            "Enable the Gmail API there: "
            "https://console.cloud.google.com/apis/library/gmail.googleapis.com",
            "Under Audience choose Internal, if all senders have accounts of your own Google "
            "Workspace: then Google reviews nothing. With External press Publish app, since in "
            "testing every sign-in ends after 7 days: https://console.cloud.google.com/auth/audience",
            "Under Data Access add the scopes below: https://console.cloud.google.com/auth/scopes",
            "Under Clients make one of the type Web application, and enter the redirect address "
            "below as Authorized redirect URI: https://console.cloud.google.com/auth/clients",
            "Copy client id and client secret into the fields here, and save.",
        ),
        without_person=(
            "Make a service account and a key for it of the type JSON: "
            "https://console.cloud.google.com/iam-admin/serviceaccounts",
            "As super administrator add its numeric client id with the scopes below under "
            "Domain-wide delegation: https://admin.google.com/ac/owl/domainwidedelegation",
            "Choose the JSON file here, and save.",
        ),
    ),
    SignIn.MICROSOFT: Steps(
        about="For Microsoft 365, Exchange Online and Outlook.com.",
        for_persons=(
            "Open App registrations and press New registration: "
            "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
            "Name it Outtray. Choose who may sign in: accounts of your organisation only, or also "
            "personal Microsoft accounts if you send from Outlook.com.",
            "Under Authentication add the platform Web with the redirect address below.",
            "Under API permissions add the delegated permissions below and press Grant admin "
            "consent.",
            "Under Certificates & secrets make a client secret and copy its Value, not its ID; or "
            "upload a certificate.",
            "Copy Application (client) ID and Directory (tenant) ID from Overview into the fields "
            "here, and save.",
        ),
        without_person=(
            "Under API permissions add the application permission Mail.Send of Microsoft Graph, "
            "and press Grant admin consent.",
            "It reaches every mailbox until you narrow it by RBAC for Applications: "
            "https://learn.microsoft.com/exchange/permissions-exo/application-rbac",
            "Enter the tenant here, best with a certificate in place of the secret, and save.",
        ),
    ),
}
