"""QQ Mail and Tencent Exmail (service.mail.qq.com), NetEase 163 and 126 (help.163.com)."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage

_LOGIN = (Stage.LOGIN,)


def _steps(name: str, where: str) -> dict[str, tuple[str, ...]]:
    return {
        "en": (
            f"Sign in to {name} in a browser, {where}, and switch on POP3/SMTP or IMAP/SMTP.",
            "It then shows an authorization code: use that as the password here.",
            "Press Validate again.",
        ),
        "de": (
            f"Melden Sie sich im Browser bei {name} an, {where}, und schalten Sie POP3/SMTP oder "
            "IMAP/SMTP ein.",
            "Dann wird ein Autorisierungscode gezeigt: Benutzen Sie ihn hier als Passwort.",
            "Drücken Sie erneut auf Validate.",
        ),
    }


_QQ = _steps("QQ Mail (https://wx.mail.qq.com)", "设置 (Settings) > 账号与安全")
_NETEASE = _steps("NetEase (https://mail.163.com)", "设置 (Settings) > POP3/SMTP/IMAP")

PROVIDERS = (
    Provider(
        "tencent",
        called=("tencent", "qq", "exmail", "foxmail", "wechat"),
        hosts=("qq.com", "foxmail.com"),
        words="mail.qq.com | exmail.qq | qq.com",
        preset="qq",
        signs=(
            Sign(
                Cause.APP_PASSWORD_REQUIRED,
                words="authorization code | login fail",
                stages=_LOGIN,
                unless="service is not open | not open | account is abnormal | frequency",
            ),
            Sign(Cause.PROTOCOL_DISABLED, words="service is not open | not open", stages=_LOGIN),
            Sign(
                Cause.ACCOUNT_LOCKED, words="account is abnormal", stages=_LOGIN,
                unless="authorization code",
            ),
            Sign(Cause.RATE_LIMITED, words="""frequency limited | ip frequency
            | connection frequency"""),
            Sign(Cause.SENDER_NOT_ALLOWED, words="mail from must equal | equal authorized"),
            Sign(Cause.SPAM_CONTENT_REJECTED, words="mail content denied | content denied"),
            Sign(Cause.IP_BLOCKLISTED, words="""connection denied | suspected bounce
            | ip in blacklist"""),
        ),
        steps={
            Cause.APP_PASSWORD_REQUIRED: _QQ,
            Cause.PROTOCOL_DISABLED: _QQ,
            Cause.WRONG_PASSWORD: _QQ,
        },
    ),
    Provider(
        "netease",
        called=("163", "126", "netease", "yeah.net"),
        hosts=("163.com", "126.com", "yeah.net", "188.com"),
        words="163.com | 126.com | netease",
        preset="netease_163",
        signs=(
            Sign(Cause.PROTOCOL_DISABLED, words="user has no permission", stages=_LOGIN),
            Sign(Cause.SENDER_NOT_ALLOWED, words="dt:sum | mail from must equal"),
            Sign(Cause.SPAM_CONTENT_REJECTED, words="dt:spm | dt:spf & content"),
            Sign(Cause.SPF_OR_DKIM_MISSING, words="mi:spf | dt:spf"),
            Sign(Cause.RATE_LIMITED, words="""mi:stc | mi:sfq | mi:sfl | rp:qrc | rp:rcl | rp:frl
            | hl:mep | hl:itc"""),
            Sign(Cause.IP_BLOCKLISTED, words="rp:ilc | hl:ifc | mi:ibb | mi:ibc | mi:inb | ip:bl"),
            Sign(Cause.SENDER_REPUTATION_LOW, words="mi:nhd | mi:nrc | mi:sdr"),
            Sign(Cause.DMARC_POLICY_REJECT, words="mi:dmc | mi:dma"),
            Sign(Cause.GREYLISTED, words="rp:trc | dt:grl"),
        ),
        steps={
            Cause.APP_PASSWORD_REQUIRED: _NETEASE,
            Cause.PROTOCOL_DISABLED: _NETEASE,
            Cause.WRONG_PASSWORD: _NETEASE,
        },
    ),
)  # fmt: skip
