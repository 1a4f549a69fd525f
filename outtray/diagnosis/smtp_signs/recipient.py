"""What tells that the recipient cannot or will not take it."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs import Sign
from outtray.transports.base import Stage

_SENDER = (Stage.SENDER,)
_ADDRESSES = (Stage.SENDER, Stage.RECIPIENT)
_RECIPIENT = (Stage.RECIPIENT,)

SAID = (
    Sign(
        Cause.SENDER_MAILBOX_FULL,
        words=r"(sender|your|own).{0,20}(mailbox|account|inbox).{0,30}(full|quota|storage)",
    ),
    Sign(Cause.SENDER_MAILBOX_FULL, enhanced=("5.2.251",)),
    Sign(Cause.SENDER_MAILBOX_FULL, enhanced=("5.2.2", "4.2.2"), stages=_SENDER),
    Sign(
        Cause.MAILBOX_FULL,
        words=r"(mailbox|inbox|user|recipient|account|postfach|bo[iî]te|buz[oó]n|casella|cuota)"
        r".{0,60}(full|over ?quota|quota|exceeded|voll|pleine|lleno|piena|storage)"
        r"|over ?quota|quota.{0,20}exceed|exceed.{0,20}quota|out of storage|insufficient.{0,20}"
        r"(user|recipient) storage|邮箱.{0,10}满",
        stages=(*_RECIPIENT, Stage.CONTENT, Stage.ANSWER),
    ),
    Sign(Cause.MAILBOX_FULL, enhanced=("5.2.2", "4.2.2"), stages=(*_RECIPIENT, Stage.CONTENT)),
    Sign(
        Cause.MAILBOX_DISABLED,
        words=r"(mailbox|account|recipient|address|user).{0,60}"
        r"(disabled|inactive|deactivated|frozen|suspended|locked|closed|expired|discontinued"
        r"|not active|blocked)|(disabled|inactive|suspended).{0,20}(recipient|mailbox|account"
        r"|user)|DisabledUser|deaktiviert|désactivé|desactivad",
        stages=(*_RECIPIENT, Stage.CONTENT),
        codes=(4, 5),
    ),
    Sign(Cause.MAILBOX_DISABLED, enhanced=("5.2.1", "5.7.13", "4.2.1"), stages=_RECIPIENT),
    Sign(
        Cause.RECIPIENT_RESTRICTED,
        words=r"RESOLVER\.RST|restricted|only.{0,40}(authenticated|internal|member)"
        r"|not ?authenticated ?for|senders? (is )?not (allowed|permitted).{0,40}(recipient|group)",
        stages=(*_RECIPIENT, Stage.CONTENT),
    ),
    Sign(Cause.RECIPIENT_RESTRICTED, enhanced=("5.7.133", "5.7.124", "5.7.136", "5.7.134")),
    Sign(
        Cause.MAIL_LOOP,
        words=r"mail loop|loops? back|too many hops|hop count|routing loop|received headers",
    ),
    Sign(Cause.MAIL_LOOP, enhanced=("5.4.6", "5.4.14", "4.4.6")),
    Sign(
        Cause.INVALID_ADDRESS_SYNTAX,
        words=r"(bad|invalid|malformed|illegal).{0,20}(address )?syntax|syntax error"
        r"|(malformed|illegal) (address|alias|recipient)|address.{0,20}(malformed|syntax)"
        r"|domain missing|not a valid rfc",
        stages=_ADDRESSES,
        codes=(5,),
    ),
    Sign(Cause.INVALID_ADDRESS_SYNTAX, enhanced=("5.1.3",)),
    Sign(Cause.RECIPIENT_DOMAIN_NOT_FOUND, enhanced=("5.1.2", "5.4.4")),
    Sign(Cause.INVALID_ADDRESS_SYNTAX, stages=_RECIPIENT, codes=(501, 553)),
    Sign(
        Cause.RECIPIENT_SERVER_MISCONFIGURED,
        words=r"domain (is )?not (found|active|hosted|enabled|configured|local)|no licen[cs]e"
        r"|mx.{0,30}(wrong|misconfig)|not (a )?local(ly)? (domain|hosted)",
        stages=_RECIPIENT,
        codes=(4, 5),
    ),
    Sign(Cause.RECIPIENT_DOMAIN_NOT_FOUND, codes=(556,)),
    Sign(
        Cause.RECIPIENT_REJECTED,
        words=r"recipient preferences|access denied|does not wish|not wanted|recipient has blocked"
        r"|blocked by recipient|rejected by recipient",
        stages=(*_RECIPIENT, Stage.CONTENT),
    ),
    Sign(Cause.RECIPIENT_REJECTED, enhanced=("5.4.1",), stages=_RECIPIENT),
    Sign(
        Cause.MAILBOX_NOT_FOUND,
        words=r"(user|mailbox|account|recipient|address|empf(ä|ae)nger|benutzer|postfach|konto"
        r"|utilisateur|destinataire|adresse|usuario|destinatario|cuenta|casella).{0,60}"
        r"(unknown|not found|not exist|n't exist|invalid|n't have|not have|unavailable"
        r"|unbekannt|existiert nicht|nicht gefunden|inconnu|n'existe|introuvable"
        r"|desconocid|no existe|no encontrad|non esiste|sconosciut|inexist)"
        r"|(unknown|no such|invalid|unbekannter) (user|mailbox|recipient|local|address|empf)"
        r"|no (mailbox|account) (here|by)|NoSuchUser|does not exist|inconnu|不存在",
        stages=(*_RECIPIENT, Stage.CONTENT, Stage.ANSWER),
    ),
    Sign(Cause.MAILBOX_NOT_FOUND, enhanced=("5.1.1", "5.1.0", "5.1.6", "5.1.10", "5.2.255")),
)
