"""The form of a mailbox's pace: what is left empty follows the provider."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms

from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.presets import PRESETS
from outtray.mailboxes.save_pace import MOST, PaceDraft, default_pace, draft_of_pace

_LABELS = {
    "messages_per_minute": "Messages a minute",
    "messages_per_day": "Messages a day",
    "recipients_per_day": "Recipients a day",
    "connections": "Connections at once",
}


class PaceForm(forms.Form):
    """Four limits. The provider's default is shown in each empty field."""

    says_optional = False

    def __init__(self, *args: Any, mailbox: Mailbox, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        preset = PRESETS.get(mailbox.provider)
        self.provider = preset.name if preset else ""
        defaults = asdict(default_pace(mailbox))
        for name, label in _LABELS.items():
            shown = f"{defaults[name]:,}" if defaults[name] else "no limit"
            attrs = {"inputmode": "numeric", "autocomplete": "off", "placeholder": shown}
            self.fields[name] = forms.IntegerField(
                label=label,
                required=False,
                min_value=1,
                max_value=MOST[name],
                widget=forms.TextInput(attrs=attrs),
                error_messages={"invalid": "Enter a whole number."},
            )

    @classmethod
    def of(cls, mailbox: Mailbox) -> PaceForm:
        """The form with what was set by hand."""
        return cls(mailbox=mailbox, initial=asdict(draft_of_pace(mailbox)))

    def draft(self) -> PaceDraft:
        """What was typed, for the verb to check."""
        return PaceDraft(**{name: self.cleaned_data[name] for name in _LABELS})
