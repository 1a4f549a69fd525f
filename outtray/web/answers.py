"""What a page answers when something was done, or refused."""

from __future__ import annotations

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

from outtray.lib.errors import Refused


def tell(request: HttpRequest, sentence: str) -> None:
    """Confirm in a note on the next page."""
    messages.success(request, sentence)


def complain(request: HttpRequest, refused: Refused) -> None:
    """Say in a note on the next page why it was not done."""
    messages.error(request, refused.detail)


def attach(form: BaseForm, refused: Refused) -> None:
    """Put a refusal at the field that it concerns, or above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.detail)
