"""What all pages ask before something is sent: from which mailbox, and when."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django import forms

from outtray.mailboxes.models import Mailbox
from outtray.outbox.accept import Terms
from outtray.outbox.states import Reason
from outtray.people.models import Membership, Person

UNDO_SECONDS = 10
NOW, LATER = "now", "later"


def moment_field(*, required: bool) -> forms.DateTimeField:
    """A date and a time, in the person's own time zone."""
    return forms.DateTimeField(
        label="Date and time",
        required=required,
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "aria-label": "Date and time"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


class SendingForm(forms.Form):
    """From and when. The choices of From are the mailboxes that this person may use."""

    mailboxes: list[Mailbox]

    sender = forms.ChoiceField(label="From")
    timing = forms.ChoiceField(
        label="When",
        required=False,
        initial=NOW,
        choices=[(NOW, f"Now, with {UNDO_SECONDS} seconds to undo"), (LATER, "Later")],
        widget=forms.RadioSelect,
    )
    at = moment_field(required=False)
    again = forms.BooleanField(label="Send again", required=False)

    def offer(self, mailboxes: list[Mailbox], *before: tuple[str, str]) -> None:
        """Let the person choose among these mailboxes."""
        self.mailboxes = mailboxes
        field = self.fields["sender"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*before, *((str(each.pk), _named(each)) for each in mailboxes)]

    @property
    def mailbox(self) -> Mailbox | None:
        """The chosen one, if it is among those offered."""
        return sender_of(self.mailboxes, self.cleaned_data.get("sender", ""))

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("timing") == LATER and not given.get("at") and "at" not in self.errors:
            self.add_error("at", "Say when it is to be sent.")
        return given

    @property
    def due_at(self) -> datetime | None:
        """The time that was asked for, or None for now."""
        given: datetime | None = self.cleaned_data.get("at")
        return given if self.cleaned_data.get("timing") == LATER else None


def senders(membership: Membership) -> list[Mailbox]:
    """The mailboxes that this person may send from, his own first."""
    return list(Mailbox.objects.usable_by(membership).order_by("-whose", "-is_default", "name"))


def sender_of(mailboxes: list[Mailbox], chosen: str) -> Mailbox | None:
    """The chosen one, if it is among them."""
    return next((each for each in mailboxes if str(each.pk) == chosen), None)


def terms_for(form: SendingForm, person: Person, *, at: datetime, key: UUID | None) -> Terms:
    """How one letter is accepted: with time to undo it, or at the time asked for."""
    due_at, reason = form.due_at, Reason.SCHEDULED
    if due_at is None or due_at <= at:
        due_at, reason = at + timedelta(seconds=UNDO_SECONDS), Reason.UNDO
    return Terms(at=at, by=person, due_at=due_at, reason=reason, key=f"page:{key}" if key else None)


def _named(mailbox: Mailbox) -> str:
    return f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address
