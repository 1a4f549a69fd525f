"""Orange (its OFR numbers), Free, SFR, La Poste (its LPN numbers), OVHcloud."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.sign import Sign

_OFR = (
    Sign(
        Cause.IP_BLOCKLISTED,
        words="ofr_506 | ofr006 | ofr_102 | ofr_103 | ofr_109 | ofr_554 | ofr004_102 | ofr_999",
    ),
    Sign(Cause.RATE_LIMITED, words="ofr005 | ofr_505 | ofr004_104 | ofr_104 | ofr_405 | ofr_504"),
    Sign(Cause.MAILBOX_FULL, words="ofr_417 | ofr_513 | lpn417"),
    Sign(Cause.MAILBOX_NOT_FOUND, words="ofr_416 | ofr_515 | lpn416 | ofr_418"),
    Sign(Cause.SENDER_DOMAIN_INVALID, words="ofr_305 | ofr_515s | ofr_306"),
    Sign(Cause.SPAM_CONTENT_REJECTED, words="ofr_501 | lpn007_510 | ofr_510"),
    Sign(Cause.TOO_MANY_RECIPIENTS, words="ofr_415"),
)

PROVIDERS = (
    Provider(
        "orange",
        called=("orange", "wanadoo", "laposte", "la poste"),
        hosts=("orange.fr", "wanadoo.fr", "laposte.net"),
        words="ofr_ | ofr0 | mwinf | lpn0 | lpn4 | laposte.net",
        preset="orange_fr",
        signs=_OFR,
    ),
    Provider(
        "free",
        called=("free", "sfr"),
        hosts=("free.fr", "sfr.fr"),
        words="postmaster.free.fr | free.fr | lfr_",
        preset="free_fr",
        signs=(
            Sign(Cause.RATE_LIMITED, words="spam detected .. too many | too much mail"),
            Sign(Cause.IP_BLOCKLISTED, words="spammer | grey listed .. ip"),
        ),
    ),
    Provider(
        "ovh",
        called=("ovh",),
        hosts=("ovh.net", "ovh.com"),
        words="ovh.net | ovh.com",
        preset="ovh",
    ),
)
