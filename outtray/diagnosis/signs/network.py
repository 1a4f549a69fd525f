"""What tells that no connection comes about, or none that lasts."""

from __future__ import annotations

import re

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.circumstances import CLEAR_FIRST, TLS_AT_ONCE
from outtray.diagnosis.signs.sign import Sign
from outtray.diagnosis.symptom import Symptom
from outtray.mailboxes.presets import preset_for_host
from outtray.transports.base import Stage, Trouble

_BEFORE_TLS = (Stage.CONNECT, Stage.GREETING, Stage.TLS, Stage.EHLO)
_DIALOGUE = (Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT, Stage.ANSWER)
_IPV6 = re.compile(r"(?<![\w:])(?:2[0-9a-f]{3}|fe80|f[cd][0-9a-f]{2}):[0-9a-f:]+|::1\b|:::0\b")
_MISSING_HOST = re.compile(r"getaddrinfo \w+ (undefined|null|none)\b|enotfound ?:?\d* *$")


def _uses_ipv6(symptom: Symptom) -> bool:
    return bool(_IPV6.search(symptom.spoken.whole))


def _is_no_host(symptom: Symptom) -> bool:
    """A URL, a path or an address of mail stands where the name of a server belongs."""
    host = symptom.around.host
    return any(sign in host for sign in "/:@ ") and "[" not in host


def _at_provider(symptom: Symptom) -> bool:
    return bool(symptom.around.port_is_published)


OF_RECIPIENT = (
    Sign(
        Cause.DELIVERY_EXPIRED,
        words="""message expired | delivery time expired | retry timeout exceeded
        | retry time not reached | message too old | queue too long | in queue too long
        | after multiple retries | multiple retries | queue period | numerous attempts
        | after several attempts | after repeated attempts | failed to deliver .. after
        | tries exceeded | undelivered for | could not be delivered for | delivery expired
        | gave up | been failing for a long time | unable to deliver .. days | delivery timed out
        | giving up on | expired after | has been in the queue | zeit abgelaufen
        | delai de livraison expire | tiempo de entrega | exceeded the maximum time | bounce after
        | unable to deliver this message after | nicht innerhalb .. zugestellt
        | lifetime exceeded""",
        unless="token | recipient address rejected",
    ),
    Sign(
        Cause.DELIVERY_EXPIRED,
        enhanced=("x.4.7", "5.4.300", "4.4.7"),
        unless="greylist | too many hops | loop | hop count",
    ),
    Sign(Cause.DELIVERY_EXPIRED, enhanced=("5.4.316",), words="expired"),
    Sign(
        Cause.DNS_TEMPORARY_FAILURE,
        words="""type=mx & try again | type=a & try again | type=aaaa & try again
        | malformed or unexpected name server | servfail | server failure
        | host lookup did not complete | lookup .. timeout | lookup .. timed out
        | all relevant mx records point to non | name server timeout | dns .. timed out
        | dns timeout | mx lookup .. temporar | lookup .. try again | temporary .. resolving
        | transient .. lookup | dns temp""",
        unless="sender address rejected | sender domain | domain of sender",
        codes=(0, 4),
    ),
    Sign(
        Cause.RECIPIENT_DOMAIN_NOT_FOUND,
        words="""null mx | nullmx | does not accept mail | doesn't accept mail
        | doesn't receive email | does not receive email | does not receive mail | accepts no mail
        | no mx or a | no mail server for | recipient domain .. {not_exist} | domain of recipient
        | recipient address rejected .. domain not found | recipient address rejected .. nxdomain
        | domain .. n't accept e | no mail exchanger | no mx record | no such domain
        | destination domain .. {not_exist} | unrouteable mail domain | unroutable domain
        | unrouteable domain | unrouteable address | unroutable address | couldn't find any host
        | could not find any host | type=mx .. not found | type=a .. not found
        | type=aaaa .. not found | mx .. nxdomain | no dns entry .. recipient
        | bad destination system | bad destination mailbox address & domain
        | illegal host/domain name found | domain name .. recipient .. {not_exist} | no valid mx
        | mx lookup .. nxdomain | {domain} .. {recipient} .. {not_exist}
        | {recipient} .. {domain} .. {not_exist} | all mx records point | no servers .. domain
        | host unknown | unknown host | lookup of .. nxdomain | domain is not real""",
        unless="""sender | from: | mail from | return-path | helo | your host | your ip
        | smtp host""",
        stages=(*_DIALOGUE,),
    ),
    Sign(
        Cause.RECIPIENT_DOMAIN_NOT_FOUND,
        words="""null mx | type=mx .. not found | name or service not known .. mx
        | type=a .. not found | type=aaaa .. not found | couldn't find any host | mx .. nxdomain
        | nxdomain .. mx | doesn't receive email | no mx""",
        stages=(Stage.DNS,),
    ),
)

SEEN = (
    Sign(
        Cause.WRONG_HOST,
        troubles=(Trouble.NOT_ALLOWED,),
        when=lambda symptom: symptom.around.is_this_machine,
    ),
    Sign(
        Cause.TLS_REQUIRED,
        troubles=(Trouble.NOT_ALLOWED, Trouble.SETTINGS),
        when=lambda symptom: symptom.around.security == "none",
    ),
    Sign(
        Cause.WRONG_PORT,
        troubles=(Trouble.NOT_ALLOWED,),
        when=lambda symptom: not symptom.around.is_submission_port,
    ),
    Sign(Cause.NOT_ALLOWED_HERE, troubles=(Trouble.NOT_ALLOWED,)),
    Sign(
        Cause.WRONG_HOST,
        stages=(Stage.SETTINGS, Stage.DNS, Stage.CONNECT, Stage.GREETING),
        when=_is_no_host,
    ),
    Sign(
        Cause.IPV6_UNREACHABLE,
        words="""cannot assign requested address | eaddrnotavail | address family not supported
        | eafnosupport""",
    ),
    Sign(
        Cause.IPV6_UNREACHABLE,
        troubles=(Trouble.UNREACHABLE, Trouble.TIMED_OUT, Trouble.CONNECTION_REFUSED),
        when=_uses_ipv6,
    ),
    Sign(
        Cause.MIDDLEBOX_INTERFERENCE,
        troubles=(Trouble.OTHER_SERVER,),
        when=lambda symptom: preset_for_host(symptom.around.host) is not None,
    ),
    Sign(Cause.WRONG_HOST, troubles=(Trouble.OTHER_SERVER, Trouble.NAME_NOT_FOUND)),
    Sign(Cause.DNS_TEMPORARY_FAILURE, troubles=(Trouble.NAME_SERVICE_FAILED,)),
    # Nearly every network keeps its machines from talking to port 25 of others.
    Sign(
        Cause.PORT_BLOCKED,
        troubles=(Trouble.TIMED_OUT,),
        stages=(Stage.CONNECT,),
        when=lambda symptom: symptom.around.port == 25,
    ),
    Sign(
        Cause.WRONG_PORT,
        troubles=(Trouble.CONNECTION_REFUSED, Trouble.TIMED_OUT),
        stages=(Stage.CONNECT,),
        when=lambda symptom: (
            symptom.around.port_is_published is False
            or bool(symptom.around.port and not symptom.around.is_usual_port)
        ),
    ),
    Sign(
        Cause.STARTTLS_ON_IMPLICIT_TLS_PORT,
        troubles=(Trouble.TIMED_OUT, Trouble.CONNECTION_CLOSED),
        stages=(Stage.GREETING, Stage.TLS, Stage.EHLO),
        when=lambda symptom: (
            symptom.around.port in TLS_AT_ONCE and symptom.around.security != "tls"
        ),
    ),
    Sign(
        Cause.IMPLICIT_TLS_ON_STARTTLS_PORT,
        troubles=(
            *(Trouble.TIMED_OUT, Trouble.CONNECTION_CLOSED),
            *(Trouble.TLS_FAILED, Trouble.TLS_INTERRUPTED),
        ),
        stages=_BEFORE_TLS[1:],
        when=lambda symptom: (
            symptom.around.port in CLEAR_FIRST and symptom.around.security == "tls"
        ),
    ),
    Sign(
        Cause.PORT_BLOCKED,
        troubles=(Trouble.CONNECTION_REFUSED,),
        when=lambda symptom: _at_provider(symptom) or symptom.around.port == 2525,
    ),
    Sign(Cause.SERVICE_NOT_LISTENING, troubles=(Trouble.CONNECTION_REFUSED,)),
    Sign(
        Cause.PORT_BLOCKED,
        troubles=(Trouble.TIMED_OUT,),
        stages=(Stage.CONNECT, Stage.DNS),
    ),
    Sign(Cause.REMOTE_UNREACHABLE, troubles=(Trouble.UNREACHABLE,)),
    Sign(Cause.WRONG_PORT, troubles=(Trouble.NOT_A_MAIL_SERVER,)),
    Sign(
        Cause.WRONG_PORT,
        troubles=(Trouble.TIMED_OUT,),
        stages=(Stage.GREETING,),
        when=lambda symptom: bool(symptom.around.port),
    ),
    Sign(
        Cause.WRONG_PORT,
        troubles=(Trouble.TIMED_OUT,),
        stages=(Stage.TLS,),
        when=lambda symptom: bool(symptom.around.port and not symptom.around.is_usual_port),
    ),
    Sign(
        Cause.PORT_BLOCKED,
        troubles=(Trouble.TIMED_OUT,),
        words="connect | verbindung | connexion | conexion | connessione",
        unless="""lost connection | while | reading | waiting for | greeting | conversation with
        | data | eof""",
    ),
    Sign(
        Cause.CONNECTION_DROPPED,
        troubles=(Trouble.CONNECTION_CLOSED, Trouble.TIMED_OUT, Trouble.REPLY_TOO_LONG),
    ),
)

SAID = (
    Sign(
        Cause.MIDDLEBOX_INTERFERENCE,
        words="""doesn't advertise that feature & requested mail action okay | xxxxxxxa | ******
        | smtp proxy | transparent proxy | antivirus & self-signed | mail shield | avast
        | kaspersky | eset$ | bitdefender | norton | sophos & proxy | avg mail
        | mail scanner proxy | fortigate | fortinet | zscaler | netskope | smtp fixup
        | smtp inspection | intercept | ssl inspection | tls inspection | man in the middle
        | man-in-the-middle | hijack | captive portal""",
        unless="barracuda | recipient | message was | spam",
        stages=(
            Stage.DNS,
            Stage.CONNECT,
            Stage.GREETING,
            Stage.TLS,
            Stage.EHLO,
            Stage.LOGIN,
        ),
    ),
    Sign(
        Cause.WRONG_HOST,
        words="""hostname is blank | host name is blank | host is empty | no host specified
        | no smtp server | invalid host | hostname .. invalid | server name .. {failed}
        | not a valid hostname | smtp host .. empty | host not set | host is not set
        | failure sending mail | unable to connect to the remote server
        | smtp host was not specified | no smtp host""",
        stages=(Stage.SETTINGS, Stage.DNS, Stage.CONNECT),
        unless="timed out | timeout | refused",
    ),
    Sign(
        Cause.WRONG_PORT,
        words="http/1 | ssh 2.0 | imap4rev1",
        stages=(Stage.CONNECT, Stage.GREETING, Stage.TLS, Stage.EHLO),
    ),
    Sign(
        Cause.WRONG_PORT,
        words="""invalid port | port .. out of range | wrong port | port number | http/1 | ssh-2
        | * ok .. imap | * ok [capability | +ok .. pop | imap4rev1 | ftp server
        | bad command .. imap | unexpected greeting | not an smtp server | invalid greeting
        | not a mail server""",
        unless="554 | 421 | 550 | 220 | policy",
        codes=(0,),
        stages=(Stage.SETTINGS, Stage.CONNECT, Stage.GREETING, Stage.TLS, Stage.EHLO),
    ),
    Sign(
        Cause.WRONG_HOST,
        words="""connect() failed | could not connect | couldn't connect | connect failed
        | failed to connect | cannot connect | unable to connect
        | connection could not be established | connection failed | verbindung .. fehlgeschlagen
        | verbindung .. nicht | connexion .. impossible | no se pudo conectar
        | no se puede conectar | impossibile connettersi | unmoglich zu verbinden
        | nao foi possivel conectar | kan geen verbinding | 无法连接 | 连接失败""",
        codes=(0,),
        stages=(Stage.DNS,),
    ),
    Sign(
        Cause.PORT_BLOCKED,
        words="""blocked by .. firewall | firewall | permission denied | eacces | wsaeacces
        | 10013 | access permissions | operation not permitted | eperm | administratively
        | outbound .. blocked | outgoing .. blocked | port .. blocked | blocks port
        | port .. closed by""",
        stages=(Stage.CONNECT, Stage.DNS, Stage.GREETING),
        codes=(0,),
    ),
    Sign(
        Cause.PORT_BLOCKED,
        words="""connect() failed | could not connect | couldn't connect | connect failed
        | failed to connect | cannot connect | unable to connect
        | connection could not be established | could not be established
        | verbindung .. fehlgeschlagen | verbindung .. nicht | connexion .. impossible
        | no se pudo conectar | impossibile connettersi | nao foi possivel conectar
        | kan geen verbinding | 无法连接 | 连接失败""",
        codes=(0,),
        stages=(Stage.CONNECT,),
    ),
)
"""`SAID` is for words that no code goes with."""
