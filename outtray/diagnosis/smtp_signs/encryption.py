"""What tells that the encryption does not fit."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs import Sign
from outtray.transports.base import Stage, Trouble

_LOGIN = (Stage.LOGIN,)
_SENDER = (Stage.SENDER,)

SEEN = (
    Sign(Cause.STARTTLS_ON_IMPLICIT_TLS_PORT, troubles=(Trouble.SPEAKS_TLS_AT_ONCE,)),
    Sign(Cause.IMPLICIT_TLS_ON_STARTTLS_PORT, troubles=(Trouble.SPEAKS_CLEAR_TEXT,)),
    Sign(
        Cause.MIDDLEBOX_INTERFERENCE,
        troubles=(Trouble.STARTTLS_NOT_OFFERED,),
        when=lambda around: bool(around.port_is_published),
    ),
    Sign(Cause.STARTTLS_NOT_OFFERED, troubles=(Trouble.STARTTLS_NOT_OFFERED,)),
    Sign(Cause.MIDDLEBOX_INTERFERENCE, troubles=(Trouble.STARTTLS_TAMPERED,)),
    Sign(Cause.CERTIFICATE_EXPIRED, troubles=(Trouble.CERTIFICATE_EXPIRED,)),
    Sign(Cause.CERTIFICATE_UNTRUSTED, troubles=(Trouble.CERTIFICATE_UNTRUSTED,)),
    Sign(Cause.CERTIFICATE_HOSTNAME_MISMATCH, troubles=(Trouble.CERTIFICATE_OTHER_NAME,)),
    Sign(Cause.TLS_VERSION_TOO_OLD, troubles=(Trouble.TLS_TOO_OLD, Trouble.TLS_FAILED)),
)

SAID = (
    Sign(
        Cause.IMPLICIT_TLS_ON_STARTTLS_PORT,
        words=r"wrong.version.number|unable to parse tls packet|plaintext connection"
        r"|first record does not look like a tls|unknown protocol|not an ssl|record overflow",
    ),
    Sign(
        Cause.CERTIFICATE_EXPIRED,
        words=r"certificate.{0,40}expired|CERT_HAS_EXPIRED|(zertifikat|certificat).{0,30}"
        r"(abgelaufen|expiré)",
    ),
    Sign(
        Cause.CERTIFICATE_HOSTNAME_MISMATCH,
        words=r"hostname.{0,20}(mismatch|check_failed|doesn't match|does not match)"
        r"|not valid for|ERR_TLS_CERT_ALTNAME|altnames?|no alternative certificate subject"
        r"|name mismatch|certificate is valid for .* not",
    ),
    Sign(
        Cause.CERTIFICATE_UNTRUSTED,
        words=r"self.?signed|unable to (get|verify).{0,30}(issuer|certificate)"
        r"|unknown (authority|ca)|certificate.{0,30}(verify failed|not trusted|untrusted)"
        r"|PKIX path|UNABLE_TO_|partial.?chain|root is not trusted",
    ),
    Sign(
        Cause.TLS_VERSION_TOO_OLD,
        words=r"unsupported protocol|no protocols available|protocol.version|version 30[012]"
        r"|no shared cipher|handshake.failure|tlsv?1?\.?[01]? (alert|is not supported)"
        r"|dh key too small|inappropriate fallback",
    ),
    Sign(
        Cause.MIDDLEBOX_INTERFERENCE,
        words=r"doesn't advertise that feature.*requested mail action okay|XXXXXXXA|\*{6,}",
    ),
    Sign(
        Cause.TLS_REQUIRED,
        words=r"(must|please) issue a starttls|starttls (is )?(required|command first)"
        r"|requires? a secure connection|(encryption|tls|ssl).{0,30}(required|is needed)"
        r"|without (ssl|tls|encryption)|(verschlüssel|chiffr|cifrad).{0,40}(erforder|requi)"
        r"|only over (ssl|tls)|secure connection.{0,20}(required|needed)",
        when=lambda around: around.security != "tls",
        codes=(530, 454, 451, 550, 538, 523, 0),
        stages=(Stage.TLS, Stage.EHLO, Stage.LOGIN, Stage.SENDER, Stage.GREETING),
    ),
    Sign(Cause.TLS_REQUIRED, enhanced=("5.7.7", "5.7.10", "5.7.11"), stages=(*_LOGIN, *_SENDER)),
    Sign(
        Cause.STARTTLS_NOT_OFFERED,
        words=r"starttls.{0,60}(not|n't).{0,30}(support|offer|advertis|available)"
        r"|(not|n't) (support|offer|advertise).{0,20}starttls|no starttls",
    ),
)
