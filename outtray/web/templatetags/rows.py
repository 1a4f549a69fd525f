"""The rows of the long lists. A template takes several times as long for each of them."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from outtray.documents.models import Document, DocumentStatus
from outtray.outbox.queries import DocumentEmailState
from outtray.people.models import Membership
from outtray.web.document_list import DocumentRow
from outtray.web.identifiers import address_of
from outtray.web.queue_rows import QueueRow
from outtray.web.run_rows import ShownRow
from outtray.web.templatetags.outtray import clock_time, icon, money, pill, tone_pill, when

register = template.Library()

_EMAIL = """
<tr id="email-{id}" data-stamp="{stamp}" data-state="{state}">
  <td class="fit pick"><input type="checkbox" class="tick" name="ids" value="{id}" aria-label="Choose {subject}"></td>
  <td class="lead"><a class="row-link" href="{place}">{subject}</a><span class="under">{to}{numbers}</span></td>
  <td class="wide-only" data-label="From"><span class="clip quiet" title="{sender}">{sender}</span></td>
  <td class="state-cell">{pill}{why}</td>
  <td class="num not-on-phone quiet">{since}</td>
  <td class="fit acts">{acts}</td>
</tr>

"""  # noqa: E501 - lines of HTML
_DOCUMENT = """
        <tr{struck}>
          <td class="fit pick"><input type="checkbox" class="tick" name="ids" value="{id}" aria-label="Choose {kind} {number}"></td>
          <td class="lead"><a class="row-link" href="{place}">{number}</a>{under}</td>
          <td data-label="Party"><span class="clip" title="{party}">{party}</span></td>
          <td data-label="Date" class="date">{date}</td>
          <td data-label="Due" class="date{overdue}">{due}</td>
          <td class="num" data-label="Amount">{amount}</td>
          <td data-label="Email" class="email-cell">{email}</td>
        </tr>
      """  # noqa: E501 - lines of HTML
_RUN = """
            <tr id="row-{position}" data-stamp="{stamp}">
              <td class="num fit faint not-on-phone">{position}</td>
              <td class="lead"><a class="row-link" href="{place}">{number}</a><span class="under">{kind}</span></td>
              <td data-label="Party"><span class="clip">{party}</span></td>
              <td data-label="To">{to}</td>
              <td class="state-cell" data-label="Result">{result}{why}</td>
            </tr>
          """  # noqa: E501 - lines of HTML
_NOTHING = SafeString()
_NOT_SENT = SafeString('<span class="faint">Not sent</span>')
_STRUCK = SafeString(' class="struck"')


@register.simple_tag
def email_row(row: QueueRow) -> SafeString:
    """An email in the Email Queue."""
    email = row.email
    return format_html(
        _EMAIL,
        id=email.pk,
        stamp=row.stamp,
        state=email.state,
        subject=email.subject,
        place=address_of("email", email.pk),
        to=email.to_summary,
        numbers=_if(row.numbers, '<span class="faint"> · {}</span>'),
        sender=email.from_address,
        pill=pill(email.state),
        why=why(row),
        since=when(email.state_since),
        acts=_acts(row),
    )


@register.simple_tag
def why(row: QueueRow) -> SafeString:
    """Under the state of an email: what was refused, why it failed, or what it waits for."""
    return format_html(
        "\n{}\n{}\n",
        _if(row.refusal, '<span class="under field-error" role="alert">{}</span>'),
        _if(row.headline, '<span class="under">{}</span>\n') or _waiting(row),
    )


@register.simple_tag
def document_row(row: DocumentRow, kind: str, membership: Membership) -> SafeString:
    """A document in a list, whose Centre names the kind already."""
    document = row.document
    return format_html(
        _DOCUMENT,
        struck=_STRUCK if document.status == DocumentStatus.CANCELLED else "",
        id=document.pk,
        kind=row.kind,
        number=document.number,
        place=address_of("document", document.pk),
        under=_NOTHING if kind else _if(row.kind, '<span class="under">{}</span>'),
        party=document.party.name,
        date=_day(document.date),
        overdue=" overdue" if row.is_overdue else "",
        due=_due(document),
        amount=money(document.total, document.currency),
        email=_sent(row.email, membership),
    )


@register.simple_tag
def run_row(shown: ShownRow) -> SafeString:
    """A document of a run, and what became of it."""
    row = shown.row
    return format_html(
        _RUN,
        position=row.position,
        stamp=shown.stamp,
        place=address_of("document", row.document_id),
        number=row.document.number,
        kind=shown.kind,
        party=row.document.party.name,
        to=_if(shown.to, '<span class="clip quiet" title="{0}">{0}</span>'),
        result=_result(shown),
        why=_if(shown.why, '<span class="under">{}</span>'),
    )


def _if(text: str, html: str) -> SafeString:
    """The text in its place, or nothing at all."""
    return format_html(html, text) if text else _NOTHING


def _waiting(row: QueueRow) -> SafeString:
    waiting = row.waiting
    if waiting is None or waiting.code == "sending":
        return _NOTHING
    until = _NOTHING
    if waiting.until and waiting.code != "undo":
        until = format_html(
            ' <span class="until">{} {} ({})</span>',
            icon("clock", "s"),
            when(waiting.until),
            clock_time(waiting.until),
        )
    return format_html('<span class="under">{}{}</span>', waiting.sentence, until)


def _acts(row: QueueRow) -> SafeString:
    subject, to = row.email.subject, row.email.to_summary
    return format_html_join(
        "",
        '<button class="button plain square s {}" formaction="{}" title="{}" '
        'aria-label="{}: {} to {}">{}</button>',
        (
            (act.tone, act.path, act.word, act.word, subject, to, icon(act.icon, "s"))
            for act in row.acts
        ),
    )


def _due(document: Document) -> SafeString | str:
    due = _day(document.due_date)
    if document.status == DocumentStatus.OPEN:
        return due
    title = _if(due, ' title="Due {}"')
    return format_html(
        '<span class="tag"{}>{}</span>', title, DocumentStatus(document.status).label
    )


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b} {day.year:04}" if day else ""


def _sent(email: DocumentEmailState | None, membership: Membership) -> SafeString:
    if email is None:
        return _NOT_SENT
    addressed = _NOTHING
    if membership.is_administrator or email.by_id == membership.person_id:
        by = f"{email.by} " if email.by else ""
        addressed = format_html('<span class="under faint clip">{}to {}</span>', by, email.to)
    return format_html(
        '<span class="email-state">{}<span class="faint small">{}{}</span>{}</span>',
        pill(email.state),
        when(email.at),
        f" · {email.count} emails" if email.count > 1 else "",
        addressed,
    )


def _result(shown: ShownRow) -> SafeString:
    email_id = shown.row.email_id
    if email_id is None:
        return tone_pill(shown.pill)
    return format_html(
        '<a href="{}" aria-label="{}: the email with {}">{}</a>',
        address_of("email", email_id),
        shown.pill.word,
        shown.row.document.number,
        tone_pill(shown.pill),
    )
