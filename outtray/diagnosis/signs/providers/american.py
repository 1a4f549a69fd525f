"""GoDaddy (its IB numbers), Comcast, Cox and Spectrum (their AUP# codes), Rackspace."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.sign import Sign

PROVIDERS = (
    # godaddy.com/help, "Email bounceback and error codes"
    Provider(
        "godaddy",
        called=("godaddy", "secureserver"),
        hosts=("secureserver.net",),
        words="x.co/srbounce | x.co/rlbounce | ib50 | ib60 | ib10 | ib21 | ib70 | secureserver",
        preset="godaddy",
        signs=(
            Sign(Cause.RATE_LIMITED, words="ib607 | ib510 | ib007 | ib602 | ib504"),
            Sign(Cause.TOO_MANY_RECIPIENTS, words="ib605"),
            Sign(Cause.DAILY_LIMIT, words="over-sent .. day"),
            Sign(Cause.SPF_OR_DKIM_MISSING, words="ib508"),
            Sign(Cause.SENDER_DOMAIN_INVALID, words="ib506 | ib501"),
            Sign(Cause.PTR_MISSING, words="ib108 | ib103"),
            Sign(
                Cause.IP_BLOCKLISTED, words="ib110 | ib705 | ib101 | ib104 | ib105 | ib106 | ib111"
            ),
            Sign(Cause.SPAM_CONTENT_REJECTED, words="ib212 | ib703 | ib705c | ib710"),
            Sign(Cause.VIRUS_DETECTED, words="ib701 | ib708"),
            Sign(Cause.RECIPIENT_REJECTED, words="ib603 | ib702"),
            Sign(Cause.TOO_MANY_CONNECTIONS, words="ib401 | ib409 | ib007"),
        ),
    ),
    # postmaster.comcast.net/smtp-error-codes.php
    Provider(
        "comcast",
        called=("comcast", "xfinity"),
        hosts=("comcast.net",),
        words="postmaster.comcast | comcast.net",
        signs=(
            Sign(Cause.DMARC_POLICY_REJECT, words="#dm0"),
            Sign(Cause.IP_BLOCKLISTED, words="#bl0 | bl000 | bl001"),
            Sign(Cause.RATE_LIMITED, words="#rl0 | rl000"),
            Sign(Cause.PTR_MISSING, words="#pt0 | dnslookup"),
            Sign(Cause.TOO_MANY_CONNECTIONS, words="#cn0"),
            Sign(Cause.SPAM_CONTENT_REJECTED, words="#sp0 | #cs0"),
        ),
    ),
    # spectrum.net and cox.com, "email error codes"
    Provider(
        "cable",
        called=("spectrum", "charter", "cox", "roadrunner", "twc", "time warner"),
        hosts=("charter.net", "cox.net", "rr.com", "twc.com"),
        words="aup#",
        signs=(
            Sign(
                Cause.IP_BLOCKLISTED,
                words="""aup#bl | aup#cdrbl | aup#rbl | aup#bliss | aup#csrbl | aup#dnsbl
                | aup#in-10 | aup#i-10 | aup#10 | aup#pol | aup#i-11""",
            ),
            Sign(Cause.PTR_MISSING, words="aup#rdns | aup#in-2 | aup#nodns"),
            Sign(Cause.SPF_OR_DKIM_MISSING, words="aup#spf"),
            Sign(Cause.SPAM_CONTENT_REJECTED, words="aup#content | aup#cxsnd & content"),
            Sign(Cause.RATE_LIMITED, words="aup#limit | aup#lim | aup#cxmjr | aup#rate"),
            Sign(Cause.SENDER_REPUTATION_LOW, words="aup#"),
        ),
    ),
    Provider(
        "rackspace",
        called=("rackspace", "mailtrust"),
        hosts=("emailsrvr.com",),
        words="emailsrvr",
        preset="rackspace",
    ),
)
