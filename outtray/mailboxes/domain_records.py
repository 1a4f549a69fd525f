"""What each provider wants to see in the name service of a domain that sends through it.

From the providers' own set-up pages. Where a provider makes a value for each customer, or its
pages name several, there is none to copy here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DomainRecords:
    """The records of one provider.

    Naming one of `spf` lets its servers send; `spf_to_add` is the one it documents. Its DKIM
    keys lie under `selectors`, always or (not `is_fixed`) unless the customer has chosen other
    names; `dkim_alias` is what they point to, with {selector}, its {short} beginning and
    {domain}. `has_own_return`: bounces go to a domain of the provider, so that SPF says nothing
    of the sender's domain.
    """

    spf: tuple[str, ...] = ()
    spf_to_add: str = ""
    selectors: tuple[str, ...] = ()
    is_fixed: bool = False
    dkim_alias: str = ""
    has_own_return: bool = False


_GOOGLE = DomainRecords(("_spf.google.com",), "_spf.google.com", selectors=("google",))
_IONOS_SPF = (
    "_spf-eu.ionos.com",
    "_spf-us.ionos.com",
    "_spf.kundenserver.de",
    "_spf.perfora.net",
)
_IONOS_DKIM = ("s1-ionos", "s2-ionos")


def _ionos(spf: str) -> DomainRecords:
    return DomainRecords(
        _IONOS_SPF, spf, _IONOS_DKIM, is_fixed=True, dkim_alias="{short}.dkim.ionos.com"
    )


def _zoho(ending: str) -> DomainRecords:
    accepted = tuple(f"{name}.{ending}" for name in ("zohomail", "zoho", "spf.zoho", "one.zoho"))
    return DomainRecords(accepted, selectors=("zmail", "zoho"))


DOMAIN_RECORDS: Mapping[str, DomainRecords] = {
    "google_workspace": _GOOGLE,
    "google_workspace_relay": _GOOGLE,
    "microsoft365": DomainRecords(
        ("spf.protection.outlook.com",),
        "spf.protection.outlook.com",
        ("selector1", "selector2"),
        is_fixed=True,
    ),
    "zoho_com": _zoho("com"),
    "zoho_eu": _zoho("eu"),
    "zoho_in": _zoho("in"),
    "fastmail": DomainRecords(
        ("spf.messagingengine.com",),
        "spf.messagingengine.com",
        ("fm1", "fm2", "fm3"),
        is_fixed=True,
        dkim_alias="{selector}.{domain}.dkim.fmhosted.com",
    ),
    "proton_smtp": DomainRecords(
        ("_spf.protonmail.ch",),
        "_spf.protonmail.ch",
        ("protonmail", "protonmail2", "protonmail3"),
        is_fixed=True,
    ),
    "icloud": DomainRecords(
        ("icloud.com",),
        "icloud.com",
        ("sig1",),
        is_fixed=True,
        dkim_alias="{selector}.dkim.{domain}.at.icloudmailadmin.com",
    ),
    "ionos_de": _ionos("_spf-eu.ionos.com"),
    "ionos_com": _ionos("_spf-us.ionos.com"),
    "ionos_co_uk": _ionos("_spf-eu.ionos.com"),
    "ionos_fr": _ionos("_spf-eu.ionos.com"),
    "ionos_es": _ionos("_spf-eu.ionos.com"),
    "ionos_it": _ionos("_spf-eu.ionos.com"),
    "1und1": _ionos("_spf-eu.ionos.com"),
    "strato": DomainRecords(
        ("smtp.rzone.de", "smtp.strato.de"), selectors=("strato-dkim-0002", "strato-dkim-0003")
    ),
    "ovh": DomainRecords(("mx.ovh.com",), "mx.ovh.com"),
    "godaddy": DomainRecords(("secureserver.net",), "secureserver.net"),
    "rackspace": DomainRecords(("emailsrvr.com",), "emailsrvr.com"),
    "yandex": DomainRecords(("_spf.yandex.net",), "_spf.yandex.net", ("mail",)),
    "mail_ru": DomainRecords(("_spf.mail.ru",), "_spf.mail.ru", ("mailru",)),
    "qq_exmail": DomainRecords(("spf.mail.qq.com",), "spf.mail.qq.com"),
    "gandi": DomainRecords(
        ("_mailcust.gandi.net",),
        "_mailcust.gandi.net",
        ("gm1", "gm2", "gm3"),
        is_fixed=True,
        dkim_alias="{selector}.gandimail.net",
    ),
    "mailgun": DomainRecords(("mailgun.org",), "mailgun.org"),
    "brevo": DomainRecords(
        ("spf.brevo.com", "spf.sendinblue.com"), "spf.brevo.com", ("brevo1", "brevo2", "mail")
    ),
    "mailjet": DomainRecords(("spf.mailjet.com",), "spf.mailjet.com", ("mailjet",)),
    "sendgrid": DomainRecords(selectors=("s1", "s2"), has_own_return=True),
    "amazon_ses": DomainRecords(has_own_return=True),
    "postmark": DomainRecords(has_own_return=True),
    "sparkpost": DomainRecords(has_own_return=True),
    "smtp2go": DomainRecords(has_own_return=True),
    "resend": DomainRecords(selectors=("resend",), is_fixed=True, has_own_return=True),
}


def provider_of_spf(sender: str) -> str:
    """The provider whose servers an SPF record lets send by naming this domain, or nothing."""
    return next((id_ for id_, records in DOMAIN_RECORDS.items() if sender in records.spf), "")
