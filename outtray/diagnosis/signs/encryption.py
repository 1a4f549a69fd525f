"""What tells that the encryption does not fit."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.circumstances import TLS_AT_ONCE
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage, Trouble

_BEFORE_CONTENT = (
    Stage.GREETING, Stage.TLS, Stage.EHLO, Stage.LOGIN, Stage.SENDER, Stage.RECIPIENT,
    Stage.CONNECT, Stage.CONTENT, Stage.ANSWER,
)  # fmt: skip

SEEN = (
    Sign(Cause.STARTTLS_ON_IMPLICIT_TLS_PORT, troubles=(Trouble.SPEAKS_TLS_AT_ONCE,)),
    Sign(
        Cause.STARTTLS_ON_IMPLICIT_TLS_PORT,
        troubles=(Trouble.SPEAKS_CLEAR_TEXT,),
        when=lambda symptom: (
            symptom.around.port in TLS_AT_ONCE and symptom.around.security != "tls"
        ),
    ),
    Sign(Cause.IMPLICIT_TLS_ON_STARTTLS_PORT, troubles=(Trouble.SPEAKS_CLEAR_TEXT,)),
    Sign(
        Cause.MIDDLEBOX_INTERFERENCE,
        troubles=(Trouble.STARTTLS_NOT_OFFERED,),
        when=lambda symptom: bool(symptom.around.port_is_published),
    ),
    Sign(Cause.STARTTLS_NOT_OFFERED, troubles=(Trouble.STARTTLS_NOT_OFFERED,)),
    Sign(Cause.MIDDLEBOX_INTERFERENCE, troubles=(Trouble.STARTTLS_TAMPERED,)),
    Sign(Cause.CERTIFICATE_EXPIRED, troubles=(Trouble.CERTIFICATE_EXPIRED,)),
    Sign(Cause.CERTIFICATE_HOSTNAME_MISMATCH, troubles=(Trouble.CERTIFICATE_OTHER_NAME,)),
    Sign(Cause.CERTIFICATE_UNTRUSTED, troubles=(Trouble.CERTIFICATE_UNTRUSTED,)),
    Sign(Cause.TLS_VERSION_TOO_OLD, troubles=(Trouble.TLS_TOO_OLD,)),
)

LAST_SEEN = (
    Sign(Cause.TLS_VERSION_TOO_OLD, troubles=(Trouble.TLS_FAILED, Trouble.TLS_INTERRUPTED)),
)
"""A failed handshake alone says least; port and security say more."""

SAID = (
    Sign(
        Cause.TLS_REQUIRED,
        words="""must issue a starttls | issue a starttls | starttls required
        | starttls is required | starttls command first | starttls first | use starttls
        | starttls before | must use starttls | need starttls | run starttls | starttls needed
        | requires a secure connection | require a secure connection
        | session encryption is required | encryption required | encryption is required
        | encryption needed | tls required | tls is required | requires tls | ssl required
        | ssl is required | requires ssl | requires starttls | must use tls | must use ssl
        | must be encrypted | without ssl | without tls | without encryption | unencrypted
        | not encrypted | plaintext authentication disallowed | plaintext auth | plain text auth
        | cleartext auth | clear text auth | plaintext logins | only over ssl | only over tls
        | over a secure | secure connection required | secure connection needed | privacyrequired
        | {encryption} .. erforderlich | {encryption} .. notwendig | {encryption} .. requis
        | nur verschlussel | nur uber {encryption} | {encryption} .. necesari
        | {encryption} .. obligatori | requiere .. {encryption} | {encryption} .. richiest
        | requires encryption | richiede .. {encryption} | exige .. {encryption}
        | requer .. {encryption} | {encryption} .. vereist | {encryption} .. обязательн
        | sin cifrado | ohne verschlussel | unverschlussel | sans chiffrement | senza crittografia
        | enable ssl | enable tls | activate ssl | turn on ssl | please use ssl | please use tls
        | starttls is mandatory | 需要使用ssl | 需要加密 | tls-only | confidentiality required
        | secure channel required""",
        unless="recipient's server | domain requires | remote server requires",
        when=lambda symptom: symptom.around.security != "tls",
        stages=_BEFORE_CONTENT,
    ),
    Sign(
        Cause.TLS_REQUIRED,
        enhanced=("5.7.7", "5.7.10", "5.7.11"),
        stages=(Stage.LOGIN, Stage.SENDER, Stage.GREETING, Stage.EHLO, Stage.TLS),
    ),
    Sign(Cause.TLS_REQUIRED, codes=(523, 538), stages=_BEFORE_CONTENT),
    Sign(
        Cause.STARTTLS_NOT_OFFERED,
        words="""starttls .. not supported | starttls .. not available | tls not available
        | tls is not available | command not implemented & starttls | starttls & 502
        | starttls & not recogni | starttls & unrecogni | tls currently unavailable""",
        stages=(Stage.TLS, Stage.EHLO),
        codes=(5, 0),
    ),
)
