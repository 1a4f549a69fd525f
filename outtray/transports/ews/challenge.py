"""What an NTLM challenge says of the server's domain, before anybody has logged in.

[MS-NLMP] §2.2.1.2 CHALLENGE_MESSAGE and §2.2.2.1 AV_PAIR.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Iterator, Mapping

_SIGNATURE = b"NTLMSSP\0"
_CHALLENGE = re.compile(r"(?:NTLM|Negotiate) ([A-Za-z0-9+/=]{16,8000})")
_TOLD = {2: "server_domain", 4: "server_dns_domain"}  # MsvAvNbDomainName, MsvAvDnsDomainName


def holds_challenge(header: str) -> bool:
    """Whether WWW-Authenticate has a challenge in it, besides names of methods."""
    return bool(_CHALLENGE.search(header))


def domains_in(header: str) -> Mapping[str, str]:
    """The server's domain as NetBIOS and as DNS name it, as far as WWW-Authenticate tells."""
    found = _CHALLENGE.search(header)
    if not found:
        return {}
    try:
        pairs = dict(_pairs(base64.b64decode(found[1])))
        return {
            name: pairs[key].decode("utf-16-le")[:255]
            for key, name in _TOLD.items()
            if pairs.get(key)
        }
    except (binascii.Error, struct.error, ValueError):
        return {}


def _pairs(message: bytes) -> Iterator[tuple[int, bytes]]:
    if not message.startswith(_SIGNATURE) or message[8:12] != b"\x02\0\0\0":
        return
    length, _, offset = struct.unpack_from("<HHI", message, 40)
    end = offset + length
    while offset + 4 <= end:
        kind, size = struct.unpack_from("<HH", message, offset)
        yield kind, message[offset + 4 : offset + 4 + size]
        offset += 4 + size
