"""Faults that a test orders: what goes wrong with the next calls of a method."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

KINDS = frozenset({
    "429", "500", "500_after", "internal_error_after", "drop", "drop_after", "timeout_after", "late", "error",
})  # fmt: skip


@dataclass
class Fault:
    """`options`: retry_after and delay in seconds, code for kind "error"."""

    method: str
    kind: str
    times: int
    options: dict[str, Any] = field(default_factory=dict)

    def seconds(self, name: str, default: float) -> float:
        return float(self.options.get(name, default))


class Faults:
    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def add(self, method: str, kind: str, times: int = 1, **options: Any) -> None:
        """The next `times` calls of `method` ("*" for any) go wrong in this way."""
        if kind not in KINDS:
            raise ValueError(f"no fault is called {kind!r}; there are {sorted(KINDS)}")
        if times < 1:
            raise ValueError("a fault happens at least once")
        self._ordered.append(Fault(method, kind, times, options))

    def take(self, method: str) -> Fault | None:
        for fault in self._ordered:
            if fault.method in (method, "*"):
                fault.times -= 1
                if fault.times == 0:
                    self._ordered.remove(fault)
                return fault
        return None

    @property
    def pending(self) -> list[Fault]:
        return list(self._ordered)

    def clear(self) -> None:
        self._ordered.clear()


async def order(team: Workspace, body: dict[str, Any]) -> None:
    """Faults for a process under test elsewhere; ValueError or TypeError for what cannot be ordered."""
    sockets = team.delivery.sockets
    if "add" in body:
        team.faults.add(**body["add"])
    if body.get("clear"):
        team.faults.clear()
        sockets.refuse_open = None
        team.enforce_rate_limits = False
        team.refused_blocks.clear()
    if "enforce_rate_limits" in body:
        team.enforce_rate_limits = bool(body["enforce_rate_limits"])
    if "refused_blocks" in body:
        team.refused_blocks = set(body["refused_blocks"])
    if "refuse_open" in body:
        sockets.refuse_open = body["refuse_open"]
    what = body.get("sockets")
    if what == "drop":
        sockets.drop_all()
    elif what == "half_open":
        sockets.half_open()
    elif what == "close":
        await sockets.close_all()
    elif what is not None:
        await sockets.refresh(what)
