"""The address that we serve on, looked at before anything is started there."""

from __future__ import annotations

import errno
import socket

from outtray.lib.errors import Refused


def free_address(host: str, port: int) -> str:
    """The numeric address for this host, on which the port is free. Refuses otherwise.

    The server itself would share a port with another process of its kind (SO_REUSEPORT)
    instead of failing, so that half of the requests went there.
    """
    family, address = _resolved(host, port)
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError as problem:
            raise _refusal(host, port, problem) from problem
    return address


def _resolved(host: str, port: int) -> tuple[socket.AddressFamily, str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as problem:
        raise Refused("host_unknown", f"{host} is no address of this machine.") from problem
    family, _, _, _, address = found[0]
    return family, str(address[0])


def _refusal(host: str, port: int, problem: OSError) -> Refused:
    if problem.errno == errno.EADDRINUSE:
        return Refused(
            "port_taken",
            f"Port {port} on {host} is taken by another program. "
            "End that one, or choose another port with --port.",
        )
    if problem.errno in {errno.EACCES, errno.EPERM}:
        return Refused(
            "port_not_allowed", f"This user may not serve on port {port}. Choose one above 1023."
        )
    return Refused("host_unknown", f"{host} is no address of this machine.")
