"""Whether a message lies in the Sent folder, seen over IMAP beside the SMTP that sent it.

Not finding it proves something only where the server itself files what it takes, and only
if another message that left by this mailbox, the witness, can be found by the same search.
Otherwise a server that renames Message-IDs, or a folder that was cleared, would look like
an email that never left.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence

from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.transports import egress
from outtray.transports.base import (
    Failure,
    Found,
    Resource,
    Route,
    Search,
    Source,
    Stage,
    Trace,
    Trouble,
)
from outtray.transports.smtp import settings as smtp_settings
from outtray.transports.smtp.failures import failure_from_no_way, own_failure
from outtray.transports.smtp.imap import Folder, ImapBroken, ImapLine, LoginRefused
from outtray.transports.smtp.patience import Patience
from outtray.transports.smtp.settings import Imap, Security
from outtray.transports.smtp.transcript import Redaction
from outtray.transports.tls import context_for, meaning_of

MAX_FOLDERS = 8
_MAX_WORDS = 300

# What mail programs and web mail call the folder where a server does not say which it is.
_USUAL_NAMES = frozenset(
    name.casefold()
    for name in (
        *("Sent", "Sent Items", "Sent Mail", "Sent Messages", "Sent-Mail", "Sent objects"),
        *("Gesendet", "Gesendete Objekte", "Gesendete Elemente", "Gesendete Nachrichten"),
        *("Envoyés", "Éléments envoyés", "Messages envoyés", "Courrier envoyé"),
        *("Enviados", "Elementos enviados", "Mensajes enviados", "Correo enviado"),
        *("Inviati", "Inviata", "Posta inviata", "Elementi inviati", "Messaggi inviati"),
        *("Itens enviados", "Mensagens enviadas", "Verzonden", "Verzonden items"),
        *("Verzonden berichten", "Skickat", "Skickade objekt", "Sendt", "Sendt post"),
        *("Sendte elementer", "Lähetetyt", "Wysłane", "Elementy wysłane", "Odeslané"),
        *("Odeslaná pošta", "Elküldött elemek", "Отправленные", "Надіслані"),
        *(
            "Gönderilmiş Öğeler",
            "已发送",
            "已发送邮件",
            "已傳送郵件",
            "送信済みメール",
            "보낸편지함",
        ),
    )
)


def find_sent(route: Route, trace: Trace, *, witness: Trace | None, patience: Patience) -> Search:
    """Look for a message, with one login at most and within `patience.search`."""
    try:
        imap = smtp_settings.read(route.settings).imap
    except Refused as refused:
        return _cannot(_local(refused.detail))
    if imap is None:
        return _cannot(_local("no IMAP server is set up for this mailbox"))
    secret = _secret(route)
    if isinstance(secret, Failure):
        return _cannot(secret)
    line = _opened(route, imap, patience)
    if isinstance(line, Failure):
        return _cannot(line)
    redaction = Redaction(secret.value, username=_username(route))
    try:
        _log_in(line, route, secret)
        return _looked(line, route, trace, witness)
    except LoginRefused as refused:
        words = redaction.clean(str(refused))[:_MAX_WORDS]
        return _cannot(_login_refused(f"{imap.host} refused the login: {words}"))
    except (ImapBroken, ImapLine.error, OSError, ValueError) as problem:
        words = redaction.clean(str(problem))[:_MAX_WORDS]
        return _cannot(_broken_off(problem, imap, words))
    finally:
        line.leave()


def _secret(route: Route) -> Secret | Failure:
    """What opens the folder: the mailbox's password, or a token."""
    if route.tokens:
        token = route.tokens.access_token(Resource.SMTP)
        return token if isinstance(token, Failure) else token.value
    if not route.secret.value:
        return _local("without a password the Sent folder cannot be opened")
    return route.secret


def _log_in(line: ImapLine, route: Route, secret: Secret) -> None:
    if route.tokens:
        line.log_in_with_token(_username(route), secret)
    else:
        line.log_in(_username(route), secret)


def _opened(route: Route, imap: Imap, patience: Patience) -> ImapLine | Failure:
    """Connected and secured, before any login."""
    rules = egress.Rules(route.allow_local, route.allow_networks, egress.IMAP_PORTS)
    endpoints = egress.resolve(imap.host, imap.port, rules=rules)
    if isinstance(endpoints, egress.NoWay):
        return failure_from_no_way(endpoints, stage=Stage.DNS)
    sock = egress.connect(endpoints, seconds=patience.connect)
    if isinstance(sock, egress.NoWay):
        return failure_from_no_way(sock, stage=Stage.CONNECT)
    try:
        context = context_for(route.ca_file)
        if imap.security is Security.TLS:
            sock.settimeout(patience.handshake)
            sock = context.wrap_socket(sock, server_hostname=imap.host)
        line = ImapLine(sock, seconds=patience.search)
        if imap.security is not Security.TLS:
            line.start_tls(context, imap.host)
    except ssl.SSLError as problem:
        sock.close()
        return own_failure(*meaning_of(problem, imap.host), stage=Stage.TLS)
    except (ImapBroken, ImapLine.error, OSError, ValueError) as problem:
        sock.close()
        return _broken_off(problem, imap, str(problem)[:_MAX_WORDS])
    return line


def _looked(line: ImapLine, route: Route, trace: Trace, witness: Trace | None) -> Search:
    """In the Sent folder first, then where a person may have moved it."""
    folders = line.folders()
    sent = list(_sent_folders(folders))
    if not sent:
        return _cannot(_local("the mailbox shows no Sent folder"))
    elsewhere = [f for f in folders if f.uses & {"\\all", "\\archive", "\\trash"} and f not in sent]
    places = [*sent, *elsewhere][:MAX_FOLDERS]
    where = next((f for f in places if line.holds(f, trace.message_id, trace.since)), None)
    if where:
        return Search(Found.FOUND, f"It lies in the folder {where.name}.")
    name = sent[0].name
    if not route.files_sent:
        told = f"It is not in the folder {name}, which need not keep what is sent from elsewhere."
        return Search(Found.CANNOT_TELL, told)
    if witness and any(line.holds(f, witness.message_id, witness.since) for f in places):
        return Search(Found.ABSENT, f"It is not in the folder {name}, where others are.")
    told = f"It is not in the folder {name}, but none that left before was found there either."
    return Search(Found.CANNOT_TELL, told)


def _sent_folders(folders: Sequence[Folder]) -> Iterator[Folder]:
    """Those that the server calls so, else those with a usual name."""
    called = [folder for folder in folders if "\\sent" in folder.uses]
    yield from called or (folder for folder in folders if folder.last_name in _USUAL_NAMES)


def _username(route: Route) -> str:
    return str(route.settings.get("username") or route.sender)


def _cannot(failure: Failure) -> Search:
    told = failure.text[:1].upper() + failure.text[1:]
    return Search(Found.CANNOT_TELL, told.rstrip(".") + ".", failure)


def _local(text: str) -> Failure:
    return own_failure(Trouble.SETTINGS, text, stage=Stage.SETTINGS, source=Source.LOCAL)


def _login_refused(text: str) -> Failure:
    return own_failure(Trouble.SETTINGS, text, stage=Stage.LOGIN, source=Source.SERVER)


def _broken_off(problem: Exception, imap: Imap, words: str) -> Failure:
    """The line gave out: it may do better another time."""
    late = isinstance(problem, TimeoutError)
    return own_failure(
        Trouble.TIMED_OUT if late else Trouble.CONNECTION_CLOSED,
        f"{imap.host} did not answer in time" if late else f"{imap.host}: {words}",
        stage=Stage.CONTENT,
    )
