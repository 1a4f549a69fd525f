"""Handing one message over, by the way that keeps most of it (see the package's docstring)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from http import HTTPStatus

from outtray.mail.address import Address
from outtray.mail.envelope import Envelope
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble, Verdict
from outtray.transports.graph import drafts, payload
from outtray.transports.graph.client import Client
from outtray.transports.graph.letter import Letter, heads_of, take_apart
from outtray.transports.graph.limits import LARGEST, fits_request
from outtray.transports.graph.scopes import WRITE, May, may
from outtray.transports.graph.verdicts import verdict_on

BeforeContent = Callable[[], None]


def hand_over(
    client: Client, envelope: Envelope, message: bytes, *, before_content: BeforeContent
) -> Verdict:
    """Hand one message over. What became of it holds for all its recipients."""
    token = client.token()
    if isinstance(token, Failure):
        return token
    if len(message) > LARGEST:
        return _too_large(message, "Microsoft takes files of at most 150 MB")
    sender = sender_to_name(client, envelope)
    if sender is None and _goes_as_it_is(envelope, message):
        return _by_mime(client, message, before_content)
    letter = take_apart(message)
    if may(token, WRITE) is not May.NO:
        draft = drafts.write(client, letter, envelope, sender=sender)
        if not isinstance(draft, Failure):
            return drafts.send(client, draft, before_content=before_content)
        if draft.code != HTTPStatus.FORBIDDEN:
            return draft
        if not _fits(letter, envelope, sender):
            return drafts.of_message(draft)
    if not _fits(letter, envelope, sender):
        return _too_large(message, "for more than 3 MB the permission Mail.ReadWrite is needed")
    return _by_json(client, payload.message(letter, envelope, sender=sender), before_content)


def sender_to_name(client: Client, envelope: Envelope) -> Address | None:
    """The address that Graph has to be told as sender; none where the account itself is it."""
    is_account = envelope.sender.key == client.route.sender.key
    return None if is_account and client.settings.send_as is None else envelope.sender


def _goes_as_it_is(envelope: Envelope, message: bytes) -> bool:
    """Whether Graph would do with the message itself just what the envelope says."""
    if not fits_request(_in_base64(len(message))):
        return False
    heads = heads_of(message)
    is_from = heads.sender is not None and heads.sender.key == envelope.sender.key
    wanted = {address.key for address in envelope.recipients}
    return is_from and heads.is_clear and heads.recipients == wanted


def _by_mime(client: Client, message: bytes, before_content: BeforeContent) -> Verdict:
    content = base64.b64encode(message)
    before_content()
    return verdict_on(
        client.ask(
            "POST",
            f"{client.mailbox}/sendMail",
            content=content,
            content_type="text/plain",
            seconds=client.patience.answer,
        )
    )


def _by_json(client: Client, told: payload.Json, before_content: BeforeContent) -> Verdict:
    content = payload.octets({"message": told, "saveToSentItems": True})
    before_content()
    path = f"{client.mailbox}/sendMail"
    return verdict_on(client.ask("POST", path, content=content, seconds=client.patience.answer))


def _fits(letter: Letter, envelope: Envelope, sender: Address | None) -> bool:
    """Whether all of it goes into one request."""
    if not fits_request(sum(_in_base64(len(file.content)) for file in letter.files)):
        return False
    return fits_request(len(payload.octets(payload.message(letter, envelope, sender=sender))))


def _in_base64(octets: int) -> int:
    return (octets + 2) // 3 * 4


def _too_large(message: bytes, why: str) -> Failure:
    return Failure(
        stage=Stage.SEND,
        scope=Scope.MESSAGE,
        is_temporary=False,
        source=Source.LOCAL,
        text=f"the message has {len(message)} octets; {why}",
        trouble=Trouble.MESSAGE_TOO_LARGE,
    )
