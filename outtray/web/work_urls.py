"""The addresses of daily work: documents, the Email Queue, parties."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from outtray.web import (
    cancellations,
    compositions,
    dispatches,
    document_list,
    documents,
    emails,
    holds,
    imports,
    messages,
    parties,
    queue,
    queueing,
    releases,
    resolutions,
    retries,
    schedules,
)

urlpatterns: list[URLPattern] = [
    path("documents/", document_list.index, name="documents"),
    path("documents/count/", document_list.count, name="document_count"),
    path("documents/parties/", document_list.parties, name="document_parties"),
    path("documents/import/", imports.create, name="import"),
    path("documents/queue/", queueing.create, name="add_to_queue"),
    path("documents/queue/letter/", queueing.letter, name="queue_letter"),
    path("documents/<uuid:document_id>/", documents.show, name="document"),
    path("documents/<uuid:document_id>/pdf/", documents.pdf, name="document_pdf"),
    path("documents/<uuid:document_id>/pages/<int:number>/", documents.page, name="document_page"),
    path("documents/<uuid:document_id>/compose/", compositions.create, name="compose"),
    path("documents/<uuid:document_id>/letter/", compositions.letter, name="compose_letter"),
    path("documents/<slug:kind>/", document_list.index, name="centre"),
    path("queue/", queue.index, name="queue"),
    path("queue/changes/", queue.changes, name="queue_changes"),
    path("queue/undo/", cancellations.undo, name="queue_undo"),
    path("queue/hold/", holds.create_many, name="holds"),
    path("queue/release/", releases.create_many, name="releases"),
    path("queue/cancellation/", cancellations.create_many, name="cancellations"),
    path("queue/retry/", retries.create_many, name="retries"),
    path("queue/dispatch/", dispatches.create_many, name="dispatches"),
    path("queue/<uuid:email_id>/", emails.show, name="email"),
    path("queue/<uuid:email_id>/status/", emails.status, name="email_status"),
    path("queue/<uuid:email_id>/letter/", messages.show_html, name="email_letter"),
    path("queue/<uuid:email_id>/source/", messages.source, name="email_source"),
    path(
        "queue/<uuid:email_id>/attachments/<int:number>/",
        messages.attachment,
        name="email_attachment",
    ),
    path("queue/<uuid:email_id>/hold/", holds.create, name="hold"),
    path("queue/<uuid:email_id>/release/", releases.create, name="release"),
    path("queue/<uuid:email_id>/cancellation/", cancellations.create, name="cancellation"),
    path("queue/<uuid:email_id>/retry/", retries.create, name="retry"),
    path("queue/<uuid:email_id>/dispatch/", dispatches.create, name="dispatch"),
    path("queue/<uuid:email_id>/schedule/", schedules.create, name="schedule"),
    path("queue/<uuid:email_id>/arrival/", resolutions.confirm, name="arrival"),
    path("queue/<uuid:email_id>/resend/", resolutions.resend, name="resend"),
    path("parties/", parties.index, name="parties"),
    path("parties/<uuid:party_id>/", parties.show, name="party"),
]
