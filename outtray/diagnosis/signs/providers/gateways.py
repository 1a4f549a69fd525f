"""Filters in front of recipients' servers: Mimecast, Proofpoint, Barracuda, Trend Micro,
Symantec, Cisco. Their manuals list what they reply."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.sign import Sign

PROVIDERS = (
    # community.mimecast.com, "Mimecast SMTP error codes"
    Provider(
        "mimecast",
        called=("mimecast",),
        hosts=("mimecast.com",),
        words="mimecast",
        signs=(
            Sign(
                Cause.RECIPIENT_REJECTED,
                words="manually blocked senders | envelope blocked | user entry",
            ),
            Sign(Cause.POLICY_REJECTED, words="anti-spoofing policy | security policies"),
            Sign(Cause.MAILBOX_NOT_FOUND, words="invalid recipient"),
            Sign(Cause.RELAY_DENIED, words="open relay"),
            Sign(
                Cause.SERVER_TEMPORARY_FAILURE,
                words="internal resource temporarily unavailable | resource temporarily",
            ),
            Sign(Cause.SPAM_CONTENT_REJECTED, words="anti-spam | content examination | signature"),
        ),
    ),
    Provider(
        "proofpoint",
        called=("proofpoint",),
        hosts=("pphosted.com", "ppe-hosted.com"),
        words="proofpoint | pphosted | ppe-hosted | ipcheck.proofpoint",
        signs=(Sign(Cause.IP_BLOCKLISTED, words="ipcheck.proofpoint | proofpoint dynamic"),),
    ),
    Provider(
        "barracuda",
        called=("barracuda",),
        hosts=("barracudanetworks.com",),
        words="barracuda",
        signs=(
            Sign(Cause.RECIPIENT_SERVER_MISCONFIGURED, words="license expired"),
            Sign(Cause.SPAM_CONTENT_REJECTED, words="banned content | spam url"),
            Sign(Cause.SPF_OR_DKIM_MISSING, words="rejecting spoofed"),
        ),
    ),
    # What it bounces with: success.trendmicro.com
    Provider(
        "trend_micro",
        called=("trend micro", "trendmicro"),
        words="trendmicro | block-sender | block-send-er | invalid-recipient | no-domain",
        signs=(
            Sign(Cause.RECIPIENT_REJECTED, words="block-sender | block-send-er | block-rcpt"),
            Sign(Cause.MAILBOX_NOT_FOUND, words="invalid-recipient"),
            Sign(Cause.RECIPIENT_SERVER_MISCONFIGURED, words="no-domain"),
        ),
    ),
    Provider("symantec", called=("symantec", "messagelabs", "broadcom"), words="messagelabs"),
)
