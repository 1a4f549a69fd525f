"""What tells that the sender is the trouble: address, domain, account, the name of our machine."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage

_MESSAGE = (Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT, Stage.ANSWER, Stage.SEND)

VERIFIED = (
    Sign(
        Cause.SANDBOX_MODE,
        words="""sandbox | test mode | testing mode | for test purposes | testing purposes
        | only send testing emails | own email address | authorized recipients
        | verified recipients | trial account .. recipient | free account .. test
        | free accounts are for | test account | production access | development mode | demo mode
        | test domain | recipient-domain-mismatch | not allowed in free | *testmodus | mode test
        | modo de prueba | modalita di test | modo de teste""",
        unless="app is currently being tested | oauth | test user",
    ),
    Sign(
        Cause.ACCOUNT_NOT_ACTIVATED,
        words="pending approval | account .. not activated | not yet activated | activate your",
        unless="{recipient} .. not activated",
        protocols=("api", "smtp"),
    ),
    Sign(
        Cause.SENDER_NOT_VERIFIED,
        words="""address is not verified | address not verified | is not verified | not verified
        | has not been verified | isn't verified | unverified domain | unverified sender
        | unverified address | unverified email | unverified sending | not a verified
        | verified sender | verified domain | verify your domain | verify your sender
        | verify a sender | verify the domain | verify domain | domain must be verified
        | must be verified | sender signature | sender identity | not confirmed | is not validated
        | not validated | validate your sender | sender .. not valid. validate
        | unregistered domain | unregistered sender | not registered .. send
        | sender .. not registered | domain is not configured | domain not configured
        | unconfigured | unconfigured or unverified | domain is not allowed to send
        | requires dns configuration | domain .. not activated | not an authorized sender domain
        | unverified | unsigned | mailfromdomainnotverified | mail-from domain not verified
        | sender not approved | nicht verifiziert | nicht bestatigt | non verifie | pas verifie
        | pas ete verifie | non valide | no verificad | no esta verificad | no ha sido verificad
        | non verificat | non e verificat | nao verificad | nao foi verificad | niet geverifieerd
        | не подтвержден | не верифицирован | 未验证""",
        unless="""unverified address | {recipient} address rejected | unverifiable | recipient
        | certificate | verification in progress | phone | google verification
        | verify your account | helo | spf$ | dkim | your account .. not verified | callout""",
        stages=_MESSAGE,
    ),
    Sign(
        Cause.SENDER_NOT_VERIFIED,
        words="""sender signature | sender identity | unverified sending domain | not verified
        | unregistered domain""",
        protocols=("api",),
        unless="recipient | certificate",
    ),
)

ADDRESS = (
    Sign(
        Cause.SENDER_NOT_ALLOWED,
        words="""sendasdenied | send as denied | sendonbehalfofdenied | send on behalf
        | not allowed to send as | not permitted to send as | not authorized to send as
        | not allowed to send mail as | permissions to send as | permission to send as
        | not allowed to send from | not authorized to send from | not permitted to send from
        | not owned by | not belong to | doesn't belong to | does not belong to
        | sender address must match | must match .. {login} | must match the | from must match
        | sender address does not match | does not match .. authenticat | does not match .. login
        | does not match .. user | not match .. account | doesn't match .. account
        | must be the same as | must be same as | should be the same | same as .. authori
        | same as .. authent | must equal authorized | mail from must equal | must equal
        | envelope from .. user | mismatch .. {sender} | {sender} .. mismatch
        | {sender} .. not allowed | {sender} .. not permitted | {sender} .. not authori
        | {sender} .. n't allowed | {sender} .. unauthori | unauthori .. {sender} | not an alias
        | not a valid alias | not allowed to use .. {sender} | sender is not allowed
        | use .. other sender | different sender | another sender | other than your
        | relaying disallowed as | relay .. as sender | not allowed for this user
        | is not authorized to send | not authorized to send mail | not authorized to use
        | not authorized to perform | user is not authorized | not entitled to send
        | {sender} .. stimmt nicht | {sender} .. nicht .. {login} | {sender} .. nicht erlaubt
        | {sender} .. nicht zulassig | {sender} .. nicht berechtigt | {sender} .. darf
        | {sender} .. nicht gestattet | {sender} .. nicht zugelassen | {sender} .. unzulassig
        | nicht berechtigt .. {sender} | {sender} .. gehort nicht | {sender} .. entspricht nicht
        | {sender} .. non autoris | {sender} .. pas autoris | {sender} .. ne correspond
        | {sender} .. n'appartient | {sender} .. interdit | {sender} .. no autorizad
        | {sender} .. no permitid | {sender} .. no esta autoriz | {sender} .. no coincide
        | {sender} .. no pertenece | {sender} .. non autorizzat | {sender} .. non corrisponde
        | {sender} .. non consentit | {sender} .. non appartiene | {sender} .. nao autorizad
        | {sender} .. nao permitid | {sender} .. nao corresponde | {sender} .. nao pertence
        | {sender} .. niet toegestaan | {sender} .. komt niet overeen | {sender} .. hoort niet
        | отправител .. не соответств | отправител .. не принадлеж | не совпадает .. отправител
        | 发件人 .. 不一致 | 发件人 .. 不匹配 | 必须与 | 发信人 .. 不一致""",
        unless="""recipient restrict | resolver.rst | to this recipient | to this group | spf$
        | sender policy framework | dmarc | dkim | domain not found | verified
        | sender address rejected: domain | helo | your ip | client host | blocked senders
        | unauthenticated sender | to send to | not logged in | certificate | scope
        | unable to relay | mail to | ptr | reverse | by the recipient | senders list
        | from this range | sandbox | policy rejection | attachment | valid sender
        | only authenticated""",
        stages=_MESSAGE,
    ),
    Sign(Cause.SENDER_NOT_ALLOWED, enhanced=("5.7.60", "5.2.252")),
    Sign(
        Cause.SENDER_DOMAIN_INVALID,
        words="""sender address rejected .. domain not found
        | sender address rejected .. {not_exist} | sender address rejected: need
        | sender address rejected: malformed | sender domain | sender's domain | domain of sender
        | domain of the sender | {sender} .. domain .. {not_exist} | {sender} .. domain .. invalid
        | {sender}: domain is invalid | from domain | {sender} .. {not_exist}
        | {sender} .. fully-qualified | {sender} .. fully qualified | sender verify failed
        | sender verification failed | sender verify | sender callout | could not verify sender
        | cannot verify sender | invalid sender | invalid dns mx | invalid mx record
        | no mx for sender | {sender} .. no mx | {sender} .. no valid mx | {sender} .. dns ..
        | cannot resolve sender | unresolvable sender | unroutable sender | unrouteable sender
        | unresolvable domain | unrouteable .. {sender} | sender is invalid
        | sender address .. invalid | bad sender | invalid return | invalid from | sender unknown
        | unknown sender | does not resolve & sender | {sender} .. syntax | domain must exist
        | domain name required for sender | {sender} .. missing .. domain | null sender
        | blank sender | sender required | missing sender | sender .. format
        | domain of {sender} .. | {sender} .. does not exist | bad mail from
        | {sender} .. existiert nicht | {sender} .. ungultig | {sender} .. unbekannt
        | {sender} .. n'existe | {sender} .. invalide | {sender} .. inconnu
        | {sender} .. no existe | {sender} .. no es valid | {sender} .. no valid
        | {sender} .. invalid | {sender} .. non esiste | {sender} .. non valid
        | {sender} .. nao existe | {sender} .. bestaat niet | {sender} .. ongeldig
        | {sender} .. не существует | {sender} .. 无效 | {sender} .. 不存在""",
        unless="""spf$ | dmarc | dkim | listed | blocked | header | reputation | {recipient}
        | attachment | blacklist | helo | spam | user unknown | verification in progress | quota
        | token | client_id""",
        stages=(*_MESSAGE, Stage.GREETING),
    ),
    Sign(
        Cause.SENDER_DOMAIN_INVALID,
        words="invalid domain | domain .. invalid | {domain} .. {not_exist} | invalid address",
        stages=(Stage.SENDER,),
        unless="helo | ehlo | spf$",
    ),
    Sign(Cause.SENDER_DOMAIN_INVALID, enhanced=("x.1.7",)),
    Sign(
        Cause.SENDER_DOMAIN_INVALID,
        enhanced=("x.1.8", "5.7.27"),
        unless="{spam} | access denied | banned",
    ),
)

RELAY = (
    Sign(
        Cause.RELAY_DENIED,
        words="""relay access denied | relaying denied | relay denied | relaying not allowed
        | relay not allowed | relay not permitted | relaying not permitted | relaying prohibited
        | relay prohibited | unable to relay | not configured to relay | cannot relay
        | can't relay | do not relay | don't relay | no relay | not relay | open relay
        | to relay through | not permitted to relay | not allowed to relay
        | not authorized to relay | authorized relay | relay .. {not_allowed}
        | relaying .. {not_allowed} | gateway to your | rcpthosts | list of allowed rcpthosts
        | allowed rcpthosts | relaying to .. prohibited | relay attempt | relaying blocked
        | we do not relay | relay not | relaying mail to | *weiterleitung .. {not_allowed}
        | relais .. {not_allowed} | relais refuse | relayage | reenvio .. {not_allowed}
        | retransmision | retransmissao | inoltro .. {not_allowed} | relay .. negat
        | relay .. verweigert | relay .. refus | relay .. non autoris | relay .. no permit
        | relay .. niet toegestaan | ретрансляц | 转发 | 中继 | tenantattribution
        | local domain .. only | mail to remote domains not | not a local domain and
        | non-local domain | this is not an open | no longer relays | denies relay | deny relay
        | refuses to relay""",
        unless="spamhaus | greylist | rate | limit | quota | too many | over-sent | daily",
    ),
    Sign(Cause.RELAY_DENIED, enhanced=("5.7.64",)),
    Sign(
        Cause.RELAY_DENIED,
        words="not local | isn't local | is not a local | non-local | 5.7.1 .. prohibited",
        codes=(551, 550, 553, 554),
        stages=(Stage.RECIPIENT,),
        unless="user | mailbox | recipient unknown",
    ),
)

GREETED_AS = (
    Sign(
        Cause.HELO_REJECTED,
        words="""helo .. reject | helo .. invalid | helo .. denied | helo .. refus | helo .. bad
        | helo .. listed | helo .. need | helo .. argument | helo .. not | helo .. must
        | helo .. fake | helo .. forged | helo .. syntax | helo .. mismatch | helo .. unresolv
        | helo .. impersonat | helo .. malformed | helo .. doesn't | helo .. illegal
        | helo .. local | ehlo .. reject | ehlo .. invalid | ehlo .. denied | ehlo .. refus
        | ehlo .. bad | ehlo .. not | ehlo .. argument | ehlo .. need | ehlo .. must
        | ehlo .. syntax | ehlo .. require | invalid helo | bad helo | reject .. helo
        | invalid ehlo | bad ehlo | forged helo | fake helo | {failed} .. helo | {failed} .. ehlo
        | incorrect helo | polite people say | say hello first | need fully-qualified hostname
        | need fully qualified hostname | fully qualified hostname | invalid domain name
        | hello .. invalid | {not_allowed} .. helo | helo .. {not_exist} | ehlo .. {not_exist}
        | ungultig .. helo | ungultiger helo | not a valid fqdn | invalid command arguments""",
        unless="""while performing | lost connection | handshake | timed out | timeout
        | spf$ .. fail | requires authentication | does not support""",
        stages=(
            Stage.GREETING,
            Stage.CONNECT,
            Stage.EHLO,
            Stage.SENDER,
            Stage.RECIPIENT,
            Stage.CONTENT,
            Stage.ANSWER,
        ),
    ),
    Sign(Cause.HELO_REJECTED, enhanced=("5.7.506",)),
    Sign(
        Cause.HELO_REJECTED,
        stages=(Stage.EHLO,),
        codes=(501, 504, 550, 553, 554),
        unless="{listed} | spam",
    ),
    Sign(
        Cause.PTR_MISSING,
        words="""ptr$ | reverse dns | reverse lookup | reverse mapping | reverse hostname
        | reverse name | reverse record | reversedns | rdns | ip name lookup | no dns entry
        | cannot find your hostname | cannot find your reverse | can't find your
        | cannot find your host | host name .. not found .. ip | in-addr.arpa | invalid dns ptr
        | reverse-dns | ip address .. no hostname | no reverse | does not resolve .. ip
        | ip .. does not resolve | ip lookup failed | fix reverse | hostname for your ip
        | no hostname .. ip | no name .. ip | client ip .. resolve | unresolvable relay host
        | cannot resolve your | forward-confirmed | fcrdns | dns:nr | generic .. reverse
        | dynamic .. reverse | gethostbyaddr | dns reverse | dns inverso | dns inverse
        | inverse dns | resolution inverse | resolucion inversa | risoluzione inversa
        | reverse-lookup | ruckwartsauflosung | 反向解析 | 反解 | обратн""",
        unless="helo .. listed",
    ),
    Sign(Cause.PTR_MISSING, enhanced=("x.7.25",)),
)

VOUCHED = (
    Sign(
        Cause.DMARC_POLICY_REJECT,
        words="dmarc",
        unless="""spf or dkim .. required | required .. spf | pass authentication
        | sender requirements | high volume | bulk sender""",
    ),
    Sign(Cause.DMARC_POLICY_REJECT, enhanced=("5.7.509",)),
    Sign(
        Cause.SPF_OR_DKIM_MISSING,
        words="""spf$ | dkim | domainkey | authentication information | authentication checks
        | pass authentication | authentication-results | sender id$ | senderid | openspf
        | sender policy framework | unauthenticated email from | unauthenticated mail from
        | sender unauthenticated | not pass authentication | authentication level
        | mail authentication | email authentication | authenticate with
        | authentication fail & sender domain | sender authentication | signature verification
        | forged sender | rejecting spoofed | spoofed message""",
        unless="""{sender} verify | sender identity | anti-spoofing policy | sasl
        | smtp authentication | dmarc | password | helo .. listed""",
        stages=(*_MESSAGE, Stage.GREETING),
    ),
    Sign(
        Cause.SPF_OR_DKIM_MISSING,
        enhanced=("x.7.26", "x.7.23", "5.7.515", "x.7.20", "x.7.21", "x.7.22", "x.7.24", "x.7.29"),
    ),
)
