"""Whose servers take a domain's mail: a provider's, or a gateway's that hides the provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from outtray.mailboxes.presets import PRESETS, Preset

T = TypeVar("T")

# Services that filter mail on its way to the mailboxes, by the domain of their servers.
GATEWAYS: Mapping[str, str] = {
    "pphosted.com": "Proofpoint",
    "ppe-hosted.com": "Proofpoint",
    "gpphosted.com": "Proofpoint",
    "mimecast.com": "Mimecast",
    "mimecast.co.za": "Mimecast",
    "mimecast-offshore.com": "Mimecast",
    "hornetsecurity.com": "Hornetsecurity",
    "antispameurope.com": "Hornetsecurity",
    "barracudanetworks.com": "Barracuda",
    "messagelabs.com": "Symantec",
    "iphmx.com": "Cisco",
    "trendmicro.com": "Trend Micro",
    "trendmicro.eu": "Trend Micro",
    "sophos.com": "Sophos",
    "reflexion.net": "Sophos",
    "antispamcloud.com": "SpamExperts",
    "spamexperts.com": "SpamExperts",
    "mailspamprotection.com": "SpamExperts",
    "retarus.com": "Retarus",
    "retarus.de": "Retarus",
    "mailcontrol.com": "Forcepoint",
    "nospamproxy.com": "NoSpamProxy",
    "vadesecure.com": "Vade",
    "mailroute.net": "MailRoute",
    "expurgate.net": "eXpurgate",
    "expurgate.de": "eXpurgate",
    "fireeyecloud.com": "Trellix",
    "mailprotect.be": "Mailprotect",
    "spamtitan.com": "SpamTitan",
    "mx.cloudflare.net": "Cloudflare",
    "forwardemail.net": "Forward Email",
    "improvmx.com": "ImprovMX",
}


def provider_by_mx(hosts: Sequence[str]) -> Preset | None:
    """The provider whose servers take the mail. A fall-back host of somebody else says nothing."""
    return _by_suffix(hosts[0], _PROVIDERS) if hosts else None


def gateway_by_mx(hosts: Sequence[str]) -> str:
    """The gateway that takes the mail, by its name, or nothing."""
    return _by_suffix(hosts[0], GATEWAYS) or "" if hosts else ""


def _by_suffix(host: str, table: Mapping[str, T]) -> T | None:
    """The entry of the longest suffix, on label boundaries."""
    labels = host.split(".")
    suffixes = (".".join(labels[start:]) for start in range(len(labels)))
    return next((table[suffix] for suffix in suffixes if suffix in table), None)


def _providers() -> dict[str, Preset]:
    """Presets by the suffixes of their MX hosts.

    Those without domains of their own come first: who takes a domain of one's own for Google
    is Google Workspace, not Gmail.
    """
    table: dict[str, Preset] = {}
    for preset in sorted(PRESETS.values(), key=lambda preset: bool(preset.domains)):
        for suffix in preset.mx:
            table.setdefault(suffix, preset)
    return table


_PROVIDERS = _providers()
