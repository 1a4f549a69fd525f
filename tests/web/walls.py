"""What Clara may meet behind each address of the site. A new address needs its line here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from django.urls import URLPattern, URLResolver, get_resolver


class Wall(StrEnum):
    """How an address keeps companies apart."""

    OPEN = "shows nothing of any company, so anybody may open it"
    OWN = "answers with what is the asker's own"
    FOREIGN = "names something, which must not be there for others"
    HALF_OPEN = "opened by a secret in the address"
    DEMO = "is there in the demo only"


WALLS: Mapping[str, Wall] = {
    "health/live": Wall.OPEN,
    "health/ready": Wall.OPEN,
    "metrics": Wall.OPEN,
    "api/v1/": Wall.OPEN,
    "api/v1/openapi.json": Wall.OPEN,
    "api/v1/docs": Wall.OPEN,
    "api/v1/me": Wall.OWN,
    "api/v1/documents": Wall.OWN,
    "api/v1/documents/<uuidstr:document_id>": Wall.FOREIGN,
    "api/v1/documents/<uuidstr:document_id>/pdf": Wall.FOREIGN,
    "api/v1/parties": Wall.OWN,
    "api/v1/documents/<uuidstr:document_id>/resolution": Wall.FOREIGN,
    "api/v1/parties/<uuidstr:party_id>": Wall.FOREIGN,
    "api/v1/parties/<uuidstr:party_id>/history": Wall.FOREIGN,
    "api/v1/parties/<uuidstr:party_id>/overrides": Wall.FOREIGN,
    "api/v1/parties/<uuidstr:party_id>/overrides/<str:kind>": Wall.FOREIGN,
    "api/v1/rules": Wall.OWN,
    "api/v1/rules/<str:kind>": Wall.OWN,
    "api/v1/emails": Wall.OWN,
    "api/v1/emails/<uuidstr:email_id>": Wall.FOREIGN,
    "api/v1/emails/<uuidstr:email_id>/message": Wall.FOREIGN,
    "api/v1/emails/<uuidstr:email_id>/hold": Wall.FOREIGN,
    "api/v1/emails/<uuidstr:email_id>/cancellation": Wall.FOREIGN,
    "api/v1/emails/<uuidstr:email_id>/retry": Wall.FOREIGN,
    "api/v1/emails/<uuidstr:email_id>/dispatch": Wall.FOREIGN,
    "api/v1/emails/<uuidstr:email_id>/schedule": Wall.FOREIGN,
    "api/v1/emails/<uuidstr:email_id>/arrival": Wall.FOREIGN,
    "api/v1/emails/<uuidstr:email_id>/resend": Wall.FOREIGN,
    "api/v1/letters": Wall.OWN,
    "api/v1/runs": Wall.OWN,
    "api/v1/runs/<uuidstr:run_id>": Wall.FOREIGN,
    "api/v1/runs/<uuidstr:run_id>/preview": Wall.FOREIGN,
    "api/v1/runs/<uuidstr:run_id>/start": Wall.FOREIGN,
    "api/v1/runs/<uuidstr:run_id>/pause": Wall.FOREIGN,
    "api/v1/runs/<uuidstr:run_id>/stop": Wall.FOREIGN,
    "api/v1/runs/<uuidstr:run_id>/retry": Wall.FOREIGN,
    "api/v1/runs/<uuidstr:run_id>/rows": Wall.FOREIGN,
    "api/v1/runs/<uuidstr:run_id>/result": Wall.FOREIGN,
    "api/v1/mailboxes": Wall.OWN,
    "api/v1/mailboxes/connections": Wall.OWN,
    "api/v1/mailboxes/app-connections": Wall.OWN,
    "api/v1/mailboxes/<uuidstr:mailbox_id>/connection": Wall.FOREIGN,
    "api/v1/mailboxes/<uuidstr:mailbox_id>": Wall.FOREIGN,
    "api/v1/mailboxes/<uuidstr:mailbox_id>/pace": Wall.FOREIGN,
    "api/v1/mailboxes/<uuidstr:mailbox_id>/sent-copies": Wall.FOREIGN,
    "api/v1/mailboxes/<uuidstr:mailbox_id>/history": Wall.FOREIGN,
    "api/v1/mailboxes/<uuidstr:mailbox_id>/pause": Wall.FOREIGN,
    "api/v1/mailboxes/<uuidstr:mailbox_id>/probes": Wall.FOREIGN,
    "api/v1/detection": Wall.OWN,
    "api/v1/delivery": Wall.OWN,
    "api/v1/delivery/hold": Wall.OWN,
    "api/v1/probes/<uuidstr:probe_id>": Wall.FOREIGN,
    "": Wall.OWN,
    "documents/": Wall.OWN,
    "documents/count/": Wall.OWN,
    "documents/parties/": Wall.OWN,
    "documents/import/": Wall.OWN,
    "documents/queue/": Wall.OWN,
    "documents/queue/letter/": Wall.OWN,
    "documents/<uuid:document_id>/": Wall.FOREIGN,
    "documents/<uuid:document_id>/pdf/": Wall.FOREIGN,
    "documents/<uuid:document_id>/pages/<int:number>/": Wall.FOREIGN,
    "documents/<uuid:document_id>/compose/": Wall.FOREIGN,
    "documents/<uuid:document_id>/letter/": Wall.FOREIGN,
    "documents/<slug:kind>/": Wall.OWN,
    "queue/": Wall.OWN,
    "queue/changes/": Wall.OWN,
    "queue/undo/": Wall.OWN,
    "queue/hold/": Wall.OWN,
    "queue/release/": Wall.OWN,
    "queue/cancellation/": Wall.OWN,
    "queue/retry/": Wall.OWN,
    "queue/dispatch/": Wall.OWN,
    "queue/<uuid:email_id>/": Wall.FOREIGN,
    "queue/<uuid:email_id>/status/": Wall.FOREIGN,
    "queue/<uuid:email_id>/letter/": Wall.FOREIGN,
    "queue/<uuid:email_id>/source/": Wall.FOREIGN,
    "queue/<uuid:email_id>/attachments/<int:number>/": Wall.FOREIGN,
    "queue/<uuid:email_id>/hold/": Wall.FOREIGN,
    "queue/<uuid:email_id>/release/": Wall.FOREIGN,
    "queue/<uuid:email_id>/cancellation/": Wall.FOREIGN,
    "queue/<uuid:email_id>/retry/": Wall.FOREIGN,
    "queue/<uuid:email_id>/dispatch/": Wall.FOREIGN,
    "queue/<uuid:email_id>/schedule/": Wall.FOREIGN,
    "queue/<uuid:email_id>/arrival/": Wall.FOREIGN,
    "queue/<uuid:email_id>/resend/": Wall.FOREIGN,
    "parties/": Wall.OWN,
    "parties/<uuid:party_id>/": Wall.FOREIGN,
    "demo/inbox/": Wall.DEMO,
    "demo/inbox/<int:number>/": Wall.DEMO,
    "demo/inbox/<int:number>/letter/": Wall.DEMO,
    "demo/inbox/<int:number>/files/<int:position>/": Wall.DEMO,
    "attention/": Wall.OWN,
    "delivery/hold/": Wall.OWN,
    "delivery/release/": Wall.OWN,
    "start/<str:token>/": Wall.HALF_OPEN,
    "password/<str:token>/": Wall.HALF_OPEN,
    "company/switch/": Wall.OWN,
    "profile/": Wall.OWN,
    "profile/password/": Wall.OWN,
    "user-email/": Wall.OWN,
    "user-email/probes/": Wall.OWN,
    "company-emails/": Wall.OWN,
    "company-emails/new/": Wall.OWN,
    "company-emails/probes/": Wall.OWN,
    "company-emails/<uuid:mailbox_id>/": Wall.FOREIGN,
    "company-emails/<uuid:mailbox_id>/default/": Wall.FOREIGN,
    "company-emails/<uuid:mailbox_id>/delete/": Wall.FOREIGN,
    "mailboxes/preset/": Wall.OWN,
    "mailboxes/service/": Wall.OWN,
    "mailboxes/better-way/": Wall.OWN,
    "mailboxes/<uuid:mailbox_id>/": Wall.FOREIGN,
    "mailboxes/<uuid:mailbox_id>/status/": Wall.FOREIGN,
    "mailboxes/<uuid:mailbox_id>/pace/": Wall.FOREIGN,
    "mailboxes/<uuid:mailbox_id>/copies/": Wall.FOREIGN,
    "mailboxes/<uuid:mailbox_id>/resumption/": Wall.FOREIGN,
    "mailboxes/<uuid:mailbox_id>/probes/": Wall.FOREIGN,
    "user-email/connection/": Wall.OWN,
    "company-emails/connection/": Wall.OWN,
    "company-emails/app-connection/": Wall.OWN,
    "mailboxes/<uuid:mailbox_id>/connection/": Wall.FOREIGN,
    "mailboxes/<uuid:mailbox_id>/app-connection/": Wall.FOREIGN,
    "mailboxes/<uuid:mailbox_id>/disconnection/": Wall.FOREIGN,
    "mailboxes/connected/<slug:provider>/": Wall.OWN,
    "probes/<uuid:probe_id>/": Wall.FOREIGN,
    "settings/": Wall.OWN,
    "settings/logo/": Wall.OWN,
    "settings/people/": Wall.OWN,
    "settings/people/<uuid:member_id>/link/": Wall.FOREIGN,
    "settings/people/<uuid:member_id>/role/": Wall.FOREIGN,
    "settings/people/<uuid:member_id>/remove/": Wall.FOREIGN,
    "settings/senders/": Wall.OWN,
    "settings/sign-in-providers/": Wall.OWN,
    "settings/sign-in-providers/<slug:provider>/": Wall.OWN,
    "settings/sign-in-providers/<slug:provider>/remove/": Wall.OWN,
    "settings/keys/": Wall.OWN,
    "settings/keys/<uuid:key_id>/revoke/": Wall.FOREIGN,
    "sign-in/": Wall.OPEN,
    "sign-out/": Wall.OPEN,
    "inactive/": Wall.OPEN,
}


def routes() -> set[str]:
    """Every address that the site answers, as the URL table writes it."""
    return set(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: Iterable[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route
