"""What a person has typed before he went to a provider's pages, and what became of it there.

Kept in his session, without any secret, so that the set-up page stands as he left it.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from outtray.web.mailbox_form import MailboxForm

_LEFT = "left_to_connect"
_TROUBLE = "trouble_at_provider"


def keep_typed(request: HttpRequest, page: str, form: MailboxForm) -> None:
    """He leaves this page now."""
    secrets = {bound.name for bound in form.secrets}
    typed = {name: value for name, value in form.cleaned_data.items() if name not in secrets}
    request.session[_LEFT] = {"page": page, "typed": typed}


def forget_typed(request: HttpRequest) -> None:
    """It is saved."""
    request.session.pop(_LEFT, None)


def keep_trouble(
    request: HttpRequest, *, sentence: str, explanation: dict[str, Any] | None = None
) -> str:
    """Nothing was connected: the page to show that on."""
    request.session[_TROUBLE] = {"sentence": sentence, "explanation": explanation}
    left = request.session.get(_LEFT)
    return str(left["page"]) if left else reverse("user_email")


def taken_up(request: HttpRequest) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What he had typed and why nothing was connected, once, on the page that he had left."""
    trouble: dict[str, Any] | None = request.session.pop(_TROUBLE, None)
    if trouble is None:
        return {}, None
    left = request.session.pop(_LEFT, None)
    is_here = left is not None and left["page"] == request.path
    return (left["typed"] if is_here else {}), trouble
