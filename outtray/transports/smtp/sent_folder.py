"""Whether a message lies in the Sent folder, seen over IMAP beside the SMTP that sent it.

Not finding it proves something only where the server itself files what it takes, and only
if another message that left by this mailbox, the witness, can be found by the same search.
Otherwise a server that renames Message-IDs, or a folder that was cleared, would look like
an email that never left.
"""

from __future__ import annotations

from collections.abc import Sequence

from outtray.transports.base import Failure, Found, Route, Search, Trace
from outtray.transports.smtp.imap import Folder, FolderShut, ImapLine
from outtray.transports.smtp.mail_store import in_mailbox, local_failure
from outtray.transports.smtp.patience import Patience

MAX_FOLDERS = 8

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
        *("Sent Email", "Sent E-mail", "Sent Emails", "Envoyé", "Objets envoyés", "Enviadas"),
        *("E-mails enviados", "Sendte", "Lähetetyt viestit", "Elküldött", "Poslané"),
        *("Odoslané", "Odoslaná pošta", "Poslano", "Trimise", "Изпратени", "Απεσταλμένα"),
        *("Saadetud", "Išsiųsti", "Nosūtītie", "Gönderilenler", "Gönderilmiş Postalar"),
        *("Đã gửi", "ส่งแล้ว", "Terkirim", "寄件備份", "送信済み", "送信済みアイテム", "보낸 편지함"),
    )
)


def find_sent(route: Route, trace: Trace, *, witness: Trace | None, patience: Patience) -> Search:
    """Look for a message, with one login at most and within `patience.search`."""
    search = in_mailbox(route, patience, lambda line: _looked(line, route, trace, witness))
    return _cannot(search) if isinstance(search, Failure) else search


def _looked(line: ImapLine, route: Route, trace: Trace, witness: Trace | None) -> Search:
    """In the Sent folder first, then where a person may have moved it."""
    folders = line.folders()
    sent = sent_folders(folders)
    if not sent:
        return _cannot(local_failure("the mailbox shows no Sent folder"))
    elsewhere = [f for f in folders if f.uses & {"\\all", "\\archive", "\\trash"} and f not in sent]
    places = [*sent, *elsewhere][:MAX_FOLDERS]
    where, shut = _place_of(line, trace, places)
    if where:
        return Search(Found.FOUND, f"It lies in the folder {where.name}.")
    if shut:
        raise shut
    name = sent[0].name
    if not route.files_sent:
        told = f"It is not in the folder {name}, which need not keep what is sent from elsewhere."
        return Search(Found.CANNOT_TELL, told)
    if witness and any(line.holds(f, witness.message_id, witness.since) for f in places):
        return Search(Found.ABSENT, f"It is not in the folder {name}, where others are.")
    told = f"It is not in the folder {name}, but none that left before was found there either."
    return Search(Found.CANNOT_TELL, told)


def _place_of(
    line: ImapLine, trace: Trace, places: Sequence[Folder]
) -> tuple[Folder | None, FolderShut | None]:
    """The folder that holds it; else the first one that could not be looked into."""
    shut: FolderShut | None = None
    for folder in places:
        try:
            if line.holds(folder, trace.message_id, trace.since):
                return folder, None
        except FolderShut as problem:
            shut = shut or problem
    return None, shut


def sent_folders(folders: Sequence[Folder]) -> list[Folder]:
    """Those that the server calls so, else those with a usual name."""
    called = [folder for folder in folders if "\\sent" in folder.uses]
    return called or [folder for folder in folders if folder.last_name in _USUAL_NAMES]


def _cannot(failure: Failure) -> Search:
    told = failure.text[:1].upper() + failure.text[1:]
    return Search(Found.CANNOT_TELL, told.rstrip(".") + ".", failure)
