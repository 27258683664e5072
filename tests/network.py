"""Keeps every socket of the tests on this machine."""

import ipaddress
import sys

LOCAL_NAMES = {"", "localhost", "0.0.0.0", "::"}  # the last two are where a server listens


class LeavesThisMachine(AssertionError):
    """A test, or code under test, tried to reach another machine."""


def is_local(host: object) -> bool:
    """Tell whether a socket to this host stays on this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


def refuse_others(event: str, arguments: tuple[object, ...]) -> None:
    """Raise before a look-up, a connection or a datagram leaves this machine."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):  # not a Unix socket's path
        host = arguments[1][0]
    else:
        return
    if not is_local(host):
        raise LeavesThisMachine(f"tests stay on this machine, but this one reached for {host!r}")


sys.addaudithook(refuse_others)
