"""How long a server asks us to wait."""

from __future__ import annotations

import pytest

from outtray.transports.waits import LONGEST, wait_asked_for


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4.7.1 Greylisted for 5 minutes", 300),
        ("4.2.0 Recipient address rejected: Greylisted for 300 seconds", 300),
        ("4.7.1 Greylisting in action, please come back in 00:04:59", 299),
        ("Please try again in 1 hour.", 3600),
        ("try again in 30 sec", 30),
        ("Try again later, in 90s", 90),
        ("retry after 2 hours", 7200),
        ("Bitte versuchen Sie es in 10 Minuten erneut", 600),
        ("Réessayez dans 15 minutes", 900),
        ("Reintente en 20 segundos", 20),
        ("Riprovare tra 5 minuti", 300),
        ("Retry-After: 120", 120),
        ("ErrorServerBusy BackOffMilliseconds: 297749", 297.749),
        ("try again in 999999 hours", LONGEST),
        ("Try again in 2 days", LONGEST),
        ("Bitte in 7 Minuten erneut versuchen", 420),
        ("Bitte warten Sie mindestens 300 Sekunden", 300),
        ("Veuillez réessayer après 300 secondes", 300),
        ("Inténtelo de nuevo dentro de 7 minutos", 420),
        ("Tente novamente em 7 minutos", 420),
        ("Probeer het over 7 minuten opnieuw", 420),
        ("Spróbuj ponownie za 7 minut", 420),
        ("Försök igen om 7 minuter", 420),
        ("Повторите попытку через 7 минут", 420),
        ("请在7分钟后重试", 420),
        ("7分後に再試行してください", 420),
        ("try again in 1h30m", 5400),
        ("try again after 7 minutes and 30 seconds", 450),
        ("retry-after=300", 300),
    ],
)
def test_a_wait_that_is_asked_for_is_understood(text: str, seconds: float) -> None:
    assert wait_asked_for(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Please try again later",
        "Connection timed out after 300 seconds",
        "try again. You have sent 500 messages per hour",
        "Limit of 100 messages in 60 minutes exceeded",
        "5.7.1 [TSS04] try again, see error 421 s",
        "retry at 2026-11-23T10:00:00",
        "Retry-After: 2026-11-23",
        "try again with 3 sections",
        "greylisted by 10.0.0.5 s",
        "wait 5 messages",
        "You have sent 500 in 24 hours, try later",
        "Versuchen Sie es mit 3 Minutenangaben",
    ],
)
def test_other_numbers_are_no_waits(text: str) -> None:
    assert wait_asked_for(text) == 0
