"""What the sources said, as proposals: pure, so that it can be read and tried without a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from outtray.lib.errors import Refused
from outtray.mail.address import Address
from outtray.mailboxes.detection.mail_hosts import gateway_by_mx, provider_by_mx
from outtray.mailboxes.detection.values import Confidence, Proposal
from outtray.mailboxes.domain_records import provider_of_spf
from outtray.mailboxes.models import ServiceType
from outtray.mailboxes.presets import PRESETS, PasswordRule, Preset, preset_for_host
from outtray.mailboxes.services import SERVICES
from outtray.transports.detection.sources import Source
from outtray.transports.detection.values import Heard, MailServer
from outtray.transports.registry import TRANSPORTS

_RANK = {Confidence.SURE: 0, Confidence.LIKELY: 1, Confidence.GUESS: 2}
_ORDER = {source: position for position, source in enumerate(Source)}


def by_domain(preset: Preset, address: Address) -> list[Proposal]:
    """What a preset that names the domain proposes, without asking anybody."""
    because = f"the provider of {address.domain}"
    return list(_of_preset(preset, address, Source.PRESET, because, Confidence.SURE))


def judge(address: Address, heard: Mapping[Source, Heard]) -> list[Proposal]:
    """Proposals from all that was heard, the best first, each server once.

    The surer comes first, and of two equally sure ones the one whose source is trusted more.
    """
    found = [
        proposal
        for source in heard
        for proposal in _proposed(source, heard[source], address, heard)
    ]
    found = [proposal for proposal in found if _passes(proposal)]
    found.sort(key=lambda one: (_RANK[one.confidence], _ORDER[Source(one.source)]))
    return list({_what(proposal): proposal for proposal in reversed(found)}.values())[::-1]


def gateway(heard: Mapping[Source, Heard]) -> str:
    """The gateway that hides whose mailboxes are behind it, or nothing."""
    return gateway_by_mx(heard[Source.MX].mail_hosts) if Source.MX in heard else ""


def _proposed(
    source: Source, said: Heard, address: Address, heard: Mapping[Source, Heard]
) -> Iterator[Proposal]:
    if source is Source.MX:
        yield from _by_mx(said, address)
    elif source is Source.SPF:
        yield from _by_spf(said, address, heard)
    elif source is Source.MICROSOFT:
        yield from _by_tenant(said, address, heard)
    elif said.smtp:
        yield from _by_server(source, said, said.smtp, address)
    elif said.exchange:
        settings = {"uri": said.exchange, "domain": address.domain}
        yield Proposal(ServiceType.EXCHANGE, "ews", settings, source, said.told, Confidence.LIKELY)
    elif said.cloud:
        preset = PRESETS["microsoft365"]
        yield from _of_preset(preset, address, source, said.told, Confidence.LIKELY)


def _by_mx(said: Heard, address: Address) -> Iterator[Proposal]:
    preset = provider_by_mx(said.mail_hosts)
    if preset:
        because = f"the mail of {address.domain} goes to {said.mail_hosts[0]}"
        yield from _of_preset(preset, address, Source.MX, because, Confidence.SURE)


def _by_spf(said: Heard, address: Address, heard: Mapping[Source, Heard]) -> Iterator[Proposal]:
    """Only behind a gateway: elsewhere it tells who sends newsletters, as likely as not."""
    hidden_by = gateway(heard)
    ids = [provider_of_spf(sender) for sender in said.senders] if hidden_by else []
    for preset in (PRESETS[id_] for id_ in ids if id_ and PRESETS[id_].kind == "mailbox"):
        because = f"{hidden_by} filters its mail, and its SPF record names {preset.name}"
        yield from _of_preset(
            preset, address, Source.SPF, because, Confidence.LIKELY, must_confirm=True
        )


def _by_tenant(said: Heard, address: Address, heard: Mapping[Source, Heard]) -> Iterator[Proposal]:
    """A company that Microsoft knows need not have its mail there."""
    confidence = Confidence.LIKELY if gateway(heard) else Confidence.GUESS
    yield from _of_preset(
        PRESETS["microsoft365"],
        address,
        Source.MICROSOFT,
        said.told,
        confidence,
        must_confirm=True,
    )


def _by_server(
    source: Source, said: Heard, smtp: MailServer, address: Address
) -> Iterator[Proposal]:
    preset = preset_for_host(smtp.host)
    if said.oauth_only:
        if preset:
            yield from _of_preset(preset, address, source, said.told, Confidence.SURE)
        return
    username = str(address) if smtp.username is None else smtp.username
    settings: dict[str, str | int] = {
        "host": smtp.host,
        "port": smtp.port,
        "security": smtp.security,
        "username": username,
    }
    if said.imap:
        settings["imap_host"] = said.imap.host
        settings["imap_port"] = said.imap.port
        settings["imap_security"] = said.imap.security
    must_confirm = said.is_foreign and not preset
    sure = Confidence.LIKELY if must_confirm else Confidence.SURE
    yield Proposal(
        ServiceType.WEB_MAIL,
        "smtp",
        settings,
        source,
        said.told,
        Confidence.GUESS if source is Source.GUESS else sure,
        provider=preset.id if preset else "",
        must_confirm=must_confirm or source is Source.GUESS,
    )


def _of_preset(
    preset: Preset,
    address: Address,
    source: Source,
    because: str,
    confidence: Confidence,
    *,
    must_confirm: bool = False,
) -> Iterator[Proposal]:
    """By signing in where the provider takes no password for long, else with the password."""
    with_password = Proposal(
        ServiceType.WEB_MAIL,
        "smtp",
        preset.settings_for(str(address)),
        source,
        because,
        confidence,
        provider=preset.id,
        must_confirm=must_confirm,
    )
    signing_in = [
        Proposal(
            ServiceType.EMAIL_SERVICES,
            way.transport,
            {},
            source,
            because,
            confidence,
            provider=preset.id,
            sign_in=way.sign_in,
            must_confirm=must_confirm,
        )
        for service in SERVICES.values()
        for way in service.ways
        if preset.id in way.presets
    ]
    if preset.password_rule is PasswordRule.NEVER and signing_in:
        yield from signing_in
    elif preset.password_rule is PasswordRule.UNTIL_RETIRED:
        yield from (*signing_in, with_password)
    else:
        yield from (with_password, *signing_in)


def _passes(proposal: Proposal) -> bool:
    """Whether Validate would take these settings; a strange server may have named others."""
    if proposal.transport not in TRANSPORTS:
        return False
    if not proposal.settings:
        return True
    try:
        TRANSPORTS[proposal.transport].check(proposal.settings)
    except Refused as refused:
        # An Exchange is found without the user name, which only its person knows.
        return refused.field == "username"
    return True


def _what(proposal: Proposal) -> tuple[str, ...]:
    settings = proposal.settings
    place = (str(settings.get("host") or settings.get("uri") or ""), str(settings.get("port", "")))
    return (proposal.service_type, proposal.transport, proposal.sign_in, *place)
