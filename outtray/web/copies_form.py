"""The choice whether copies of what is sent are put into a mailbox's Sent folder."""

from __future__ import annotations

from django import forms

from outtray.mailboxes.copies import keeps_copy
from outtray.mailboxes.models import Mailbox

_MEANT = {"": None, "yes": True, "no": False}


class CopiesForm(forms.Form):
    """One choice of three."""

    says_optional = False

    keep = forms.ChoiceField(
        label="Copies in the Sent folder",
        required=False,
        choices=(
            ("", "Where the server keeps none"),
            ("yes", "Always, unless one is there"),
            ("no", "Never"),
        ),
    )

    @classmethod
    def of(cls, mailbox: Mailbox) -> CopiesForm:
        """The form with what was decided."""
        decided = next(word for word, keep in _MEANT.items() if keep == mailbox.keep_sent_copy)
        return cls(initial={"keep": decided})

    @property
    def decision(self) -> bool | None:
        """What was chosen."""
        return _MEANT[self.cleaned_data["keep"]]


def are_kept(mailbox: Mailbox) -> bool | None:
    """Whether copies are put there now; None where there is no folder to put them into."""
    return keeps_copy(mailbox) if mailbox.settings.get("imap_host") else None
