"""What tells that the recipient cannot or will not take it."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage, Trouble

_SENDER = (Stage.SENDER,)
_ADDRESSES = (Stage.SENDER, Stage.RECIPIENT)
_RECIPIENT = (Stage.RECIPIENT,)
_GIVEN = (Stage.CONTENT, Stage.ANSWER, Stage.SEND)
_TAKEN = (*_RECIPIENT, *_GIVEN)

SEEN = (
    Sign(Cause.SMTPUTF8_NOT_OFFERED, troubles=(Trouble.SMTPUTF8_NOT_OFFERED,)),
    Sign(Cause.TOO_MANY_RECIPIENTS, troubles=(Trouble.ENOUGH_RECIPIENTS,)),
)

# Postfix and Exim asked the recipient's server and quote it: its words are about them.
ASKED = (
    Sign(Cause.GREYLISTED, words="unverified address", codes=(4,)),
    Sign(Cause.MAILBOX_NOT_FOUND, words="undeliverable address | unverified address", codes=(5,)),
)

LOOPS = (
    Sign(
        Cause.MAIL_LOOP,
        words="""mail loop | loops back | loop back | loop detected | looping | mail is looping
        | too many hops | hop count | hopcount | routing loop | forwarding loop
        | too many received | received headers | received lines | maximum hop | too many relays
        | loop: | in a loop | mail forwarding loop | *schleife | boucle | bucle | bucle de correo
        | ciclo | anello | зациклив | 循环 | 邮件循环""",
        unless="ssl | tls",
    ),
    Sign(Cause.MAIL_LOOP, enhanced=("x.4.6", "x.4.14")),
)

RESTRICTED = (
    Sign(
        Cause.RECIPIENT_RESTRICTED,
        words="""resolver.rst | sendernotauthenticated | notauthorized; | restricted address
        | address is restricted | recipient .. restricted | delivery restriction
        | restricted to .. members | only members | members only | not a member | subscribers only
        | only .. internal | internal senders | internal use only | internal only
        | not authenticated for | only accepts .. from | only accept .. from | accepts mail only
        | accepts messages only | not open to | closed group | closed mailing
        | mailing list is closed | private group | private list | not allowed to post
        | not allowed to send to | not permitted to send to | don't have permission to send to
        | not have permission to send to | permission to send to | not authorized to send to
        | permission to post | moderated | restricted sender | senders list | allowed senders
        | whitelist only | not on the list of | recipient's allowed | only from .. members
        | authentication required .. recipient | sender not authenticated .. group
        | restricciones de entrega | nur fur mitglieder | nur intern | reserve aux membres
        | solo miembros | sender is not .. member | not .. on .. whitelist | not in .. whitelist""",
        unless="relay | type is restricted | domain only | ip$ .. whitelist | attachment",
        stages=(*_SENDER, *_TAKEN),
    ),
    Sign(
        Cause.RECIPIENT_RESTRICTED,
        enhanced=("5.7.133", "5.7.124", "5.7.134", "5.7.136", "5.7.135", "5.7.123", "5.7.129"),
    ),
)

OWN_FULL = (
    Sign(
        Cause.SENDER_MAILBOX_FULL,
        words="""{sender} .. mailbox .. {full} | sender's mailbox | your mailbox .. {full}
        | your account .. {full} | your inbox .. {full} | own mailbox .. {full}
        | sender .. over quota | sender .. quota exceeded | sender mailbox
        | mailbox .. has exceeded maximum mailbox size | quotaexceeded | [overquota]
        | storedrv.submission .. quota | ihr postfach .. {full} | eigenes postfach
        | votre boite .. {full} | su buzon .. {full} | tu buzon .. {full}
        | la tua casella .. {full} | sua caixa .. {full} | uw postvak .. {full}
        | user storage quota .. sender""",
        unless="submissionquota | recipient's mailbox | {recipient} .. mailbox .. {full}",
    ),
    Sign(Cause.SENDER_MAILBOX_FULL, enhanced=("5.2.251",)),
    Sign(Cause.SENDER_MAILBOX_FULL, enhanced=("x.2.2",), stages=_SENDER),
)

SAID = (
    Sign(
        Cause.MAILBOX_FULL,
        words="""mailbox exceeds | mailbox would exceed | quota violation
        | maximum allowed storage | messages on the server | exceeding .. quota
        | {mailbox} .. {full} | {full} .. {mailbox} | {user} .. {full} | over quota | overquota
        | quota exceeded | exceeded .. quota | quota .. exceeded | out of storage
        | mailbox size limit | mailbox limit | storage .. exceeded | exceeded storage
        | insufficient .. storage .. user | insufficient .. storage .. recipient | disk quota
        | quota depasse | cuota .. excedida | cuota superada | quota superata | cota excedida
        | not enough .. space .. mailbox | mailfolder is full | inbox is full | quota limit
        | maildir .. quota | too many messages .. mailbox | no space .. user | exceeded allocated
        | would exceed .. quota | would exceed .. limit | quotaexceeded | over the quota
        | over the allocated | over the maximum allowed quota | over the maximum quota""",
        unless="""submission | send .. limit | sending | daily | relay quota | rate | per hour
        | message size | size limit .. message | disk full | queue | system storage | outgoing
        | credits | header | concurrent | too many recipients | disabled | for the day
        | fully-qualified | fully qualified""",
        stages=_TAKEN,
    ),
    Sign(Cause.MAILBOX_FULL, enhanced=("x.2.2",), stages=_TAKEN, unless="submission"),
    Sign(
        Cause.RECIPIENT_REJECTED,
        words="""recipient preferences | user preferences | does not wish | not wanted
        | recipient has blocked | recipient .. has blocked | blocked by recipient
        | blocked by the recipient | refuses to receive | refuse to receive | user refuses
        | rejected by recipient | rejected by the recipient | refused by recipient
        | refused by the recipient | user rejected | user has blocked | blocked by user
        | blocked senders | blocked sender | manually blocked | envelope blocked | block-rcpt
        | block-sender | block-send-er | recipient address rejected: access denied
        | all recipient addresses rejected | recipient address rejected: block | refuse to accept
        | suppression list | suppressed | on suppression | unsubscribed | recipient blacklist
        | does not accept mail from you | does not accept mail from this | recipient .. banned
        | this recipient .. blocked | refused by user | user entry | personal blacklist
        | not accepting mail from | refuses mail from | black_list_user""",
        unless="client host | ip address | your ip",
        stages=(*_SENDER, *_TAKEN),
    ),
    Sign(Cause.RECIPIENT_REJECTED, words="access denied", enhanced=("5.4.1",)),
    Sign(
        Cause.MAILBOX_DISABLED,
        words="""{user} .. {disabled} | {disabled} .. {mailbox} | {disabled} .. recipient
        | {disabled} .. account | {disabled} .. user | disableduser | mailbox disabled
        | account disabled | account is closed | no longer in use | no longer used
        | no longer with | left the company | no longer works | no longer at this
        | mailbox is frozen | inactive user | inactive recipient | marked as inactive
        | mail .. been disabled | recipient .. no longer active | unavailable: account is disabled
        | address .. retired | nicht mehr aktiv | nicht mehr in gebrauch | plus utilise
        | n'est plus actif | ya no esta activ | non piu attiv | nao esta mais ativ""",
        unless="""spam | abuse | greylist | ip address | client host | blocklist | blacklist
        | relay | not found | does not exist | {sender} .. {disabled} | policy | too many
        | blocked using | message is blocked | message was blocked | attachment
        | temporarily deferred | unknown""",
        stages=_TAKEN,
    ),
    Sign(
        Cause.MAILBOX_DISABLED,
        enhanced=("5.2.1", "x.7.13", "5.7.17"),
        stages=_TAKEN,
        unless="{unknown} | receiving | blank mailhost",
    ),
    Sign(
        Cause.INVALID_ADDRESS_SYNTAX,
        words="""bad address syntax | invalid address syntax | address syntax | malformed address
        | malformed recipient | malformed alias | malformed email
        | malformed or unexpected address | syntax error in address | syntax error .. recipient
        | syntax error .. parameters | syntax error .. mailbox | syntax .. rcpt | rcpt .. syntax
        | illegal address | illegal alias | illegal character | illegal recipient
        | invalid character | invalid characters | domain missing | missing domain | missing final
        | missing or malformed | not a valid rfc | not a valid email | not a valid e-mail
        | not a valid address | isn't a valid email | not valid email | invalid email address
        | invalid e-mail address | invalid recipient address | address .. is not valid
        | address is invalid | invalid address format | address format | invalid format
        | bad recipient address syntax | bad sender address syntax | blank mailhost
        | invalid addresses | parse .. address | parameter is not a valid address
        | invalid to header | invalid cc header | invalid bcc header | recipient format
        | need fully-qualified address | need fully qualified address | unable to parse .. address
        | address .. malformed | ungultige adresse | ungultige e-mail | adresse .. ungultig
        | syntaxfehler | adresse invalide | adresse .. incorrecte | adresse .. non valide
        | direccion .. no valida | direccion .. invalida | sintaxis | indirizzo .. non valido
        | sintassi | endereco .. invalido | sintaxe | ongeldig adres | ongeldig e-mail
        | неверный .. адрес | синтаксис | 地址格式 | 格式错误 | 地址语法 | invalidrecipients
        | control or whitespace | too long local part | invalidsmtpaddress""",
        unless="""{sender} address rejected | sender .. {failed} | helo | ehlo
        | command unrecognized | header | json | base64 | verify that you have the correct
        | for your recipient | user unknown | recipient not found | please check .. recipient
        | mime""",
        stages=(*_ADDRESSES, *_GIVEN),
    ),
    Sign(Cause.INVALID_ADDRESS_SYNTAX, enhanced=("5.1.3",)),
    Sign(
        Cause.INVALID_ADDRESS_SYNTAX,
        words="bad syntax | syntax error | bad address | no recipients | no valid recipients",
        codes=(501, 553, 555),
        stages=_RECIPIENT,
    ),
    Sign(
        Cause.RECIPIENT_SERVER_MISCONFIGURED,
        words="""domain not found (# | domain is not active | domain not active
        | domain is not hosted | domain not hosted | domain not configured | domain .. not enabled
        | domain .. inactive | domain is disabled | domain disabled | domain suspended
        | domain .. expired | license expired | licence expired | no license | no licence
        | license .. expired | mx .. misconfig | misconfigured | wrong mx | mx .. wrong
        | mail for this domain | not a locally hosted | no-domain | domain not in my list
        | don't host | not host | unauthorized domain | not responsible for
        | not configured to accept mail for | not accept mail for this domain | does not handle
        | no such domain here | domain .. not local | server misconfig | configuration error
        | config error | host is not configured | alias loop | recipient's mail server .. not
        | cname loop | not permitted to relay .. remote | database .. unavailable .. recipient
        | tls required by recipient | dane | mta-sts | mta sts | unable to route | no route
        | unable to deliver | cannot route | route .. not found | loops back to myself
        | domain .. nicht aktiv | domaine .. pas configure | dominio no configurado""",
        unless="your domain | sender | from: | reverse | helo",
        stages=_TAKEN,
        codes=(4, 5, 0),
    ),
    Sign(Cause.RECIPIENT_SERVER_MISCONFIGURED, enhanced=("5.4.317", "5.4.318", "5.7.367", "5.3.5")),
    Sign(
        Cause.RECIPIENT_DOMAIN_NOT_FOUND,
        words="""{domain} .. {not_exist} | {domain} .. invalid | {domain} name .. invalid
        | nxdomain""",
        stages=_TAKEN,
        unless="sender | from: | user | mailbox | helo | your host",
    ),
    Sign(
        Cause.RECIPIENT_DOMAIN_NOT_FOUND,
        enhanced=("x.1.2", "5.4.4", "5.4.310", "5.4.312", "x.1.10"),
        unless="recipientnotfound | recipient not found | user | mailbox unavailable",
        codes=(5, 556),
    ),
    Sign(Cause.RECIPIENT_DOMAIN_NOT_FOUND, codes=(556,)),
    Sign(
        Cause.MAILBOX_NOT_FOUND,
        words="""{user} .. {unknown} | {unknown} .. user | {unknown} .. mailbox
        | {unknown} .. recipient | {unknown} .. address | {unknown} .. local
        | {unknown} .. account | {unknown} .. addressee | {unknown} .. person
        | {unknown} .. customer | {unknown} .. {recipient} | {unknown} .. {user} | no mailbox here
        | no account here | nosuchuser | no such user | user doubtful | recipientnotfound
        | not our customer | mailbox unavailable | does not exist | n'existe pas | no existe
        | non esiste | nao existe | bestaat niet | existiert nicht | 不存在 | unallocated
        | no one by that name | nobody by that name | unknown in virtual
        | in virtual mailbox table | in local recipient table | in relay recipient table
        | user_unknown | cuda_nsu | is no longer valid | recipient undeliverable
        | address lookup failed | not on our system | mailrecipientnotfound
        | bad destination mailbox | no matches to nameserver | not known at this site
        | check the recipient""",
        unless="""{sender} .. {not_allowed} | helo | reverse | header | temporarily unavailable
        | relay | greylist | domain .. does not exist | your ip | token | tenant | attachment
        | policy | from: | spam""",
        stages=_TAKEN,
        codes=(4, 5, 0),
    ),
    Sign(
        Cause.MAILBOX_NOT_FOUND,
        enhanced=("5.1.1", "5.1.0", "5.1.6", "5.1.10", "5.2.255", "5.1.351"),
        stages=_TAKEN,
        unless="{sender} | {spam} | {limit} | policy | {listed}",
    ),
    Sign(
        Cause.MAILBOX_NOT_FOUND,
        words="mailbox unavailable | invalid recipient | unknown user | user unknown",
        codes=(5,),
        stages=(*_SENDER, *_TAKEN),
        unless="from | sender",
    ),
)

USUAL = (
    Sign(
        Cause.RECIPIENT_REJECTED,
        words="""recipient .. reject | recipient .. refus | not allowed | not permitted | rejected
        | refused | denied | blocked""",
        stages=_RECIPIENT,
        codes=(5,),
        unless="policy | spam | virus | message | content",
    ),
)
