"""The guard that keeps the tests' sockets on this machine."""

import re

import pytest

from tests.network import LeavesThisMachine, is_local, refuse_others


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "localhost", "::1", "", None, b"127.0.0.1"])
def test_sockets_may_stay_here(host: object) -> None:
    assert is_local(host)


@pytest.mark.parametrize("event", ["socket.connect", "socket.sendto"])
@pytest.mark.parametrize("host", ["10.0.0.1", "slack.com", "2001:db8::1", "localhost.example.com"])
def test_sockets_may_not_leave(event: str, host: str) -> None:
    with pytest.raises(LeavesThisMachine, match=re.escape(host)):
        refuse_others(event, (None, (host, 443)))
