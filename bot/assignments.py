"""Who could be the CSM: whoever has the least to do, works when the AE does and knows the industry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.colleagues import Colleagues
from bot.deals import change_owners
from bot.events import OwnersChanged
from bot.handoffs import Handoff
from bot.playbook import Playbook
from bot.refusals import Refusal

_DAY = timedelta(days=1)
_HOURS_AS_ONE = 4  # so many hours apart from the AE weigh as much as one usual handoff; knowing the industry, too


@dataclass(frozen=True)
class Tally:
    """Some of a CSM's handoffs: how many there are of a segment at a stage, how many of them of the same industry."""

    csm: str
    stage: str
    segment: str
    count: int
    alike: int


@dataclass(frozen=True)
class Load:
    """What a CSM has on the desk: `count` open handoffs, and what they weigh."""

    count: int
    weight: float


def load_of(csm: str, tallies: Sequence[Tally], playbook: Playbook) -> Load:
    """By the practice's weights of segments and stages."""
    weights, shares = {segment.id: segment.weight for segment in playbook.segments}, playbook.workload.model_dump()
    going_on = [tally for tally in tallies if tally.csm == csm and tally.stage in shares]
    weight = sum(tally.count * shares[tally.stage] * weights.get(tally.segment, 1) for tally in going_on)
    return Load(sum(tally.count for tally in going_on), weight)


@dataclass(frozen=True)
class Suggestion:
    """A CSM with what speaks for and against: `load` is `count` open handoffs by their weights; `apart`: hours between
    the working days of the CSM and the AE; `industry`: the customer's, where the CSM has handled it before."""

    csm: str
    name: str
    ae: str
    count: int
    load: float
    apart: float
    industry: str

    @property
    def cost(self) -> float:
        """The lower the better."""
        return self.load + self.apart / _HOURS_AS_ONE - bool(self.industry)


def suggestions(
    handoff: Handoff, playbook: Playbook, tallies: Sequence[Tally], colleagues: Colleagues, now: datetime
) -> list[Suggestion]:
    """The CSMs of the team who are there, the most fitting first."""
    ae = colleagues.person(handoff.ae)
    found = []
    for csm in colleagues.team.csms:
        person = colleagues.person(csm)
        if person is None or colleagues.is_away(csm, now):
            continue
        load = load_of(csm, tallies, playbook)
        found.append(
            Suggestion(
                csm=csm,
                name=person.name,
                ae=ae.name if ae else "the AE",
                count=load.count,
                load=load.weight,
                apart=_apart(csm, handoff.ae, colleagues, now),
                industry=handoff.industry if any(tally.alike for tally in tallies if tally.csm == csm) else "",
            )
        )
    return sorted(found, key=lambda one: one.cost)


def _apart(csm: str, ae: str, colleagues: Colleagues, now: datetime) -> float:
    """Hours between the two clocks, the shorter way around the world."""
    clocks = [colleagues.calendar(one).local(now).replace(tzinfo=None) for one in (csm, ae)]
    ahead = clocks[0] - clocks[1]
    return min(ahead % _DAY, -ahead % _DAY) / timedelta(hours=1)


def assign(handoff: Handoff, csm: str | None, *, by: str, now: datetime) -> OwnersChanged | None:
    """Name the CSM where there is none. None when it is this one already."""
    if not csm:
        raise Refusal("Choose the CSM.", {"csm": "Choose the CSM."})
    if handoff.csm and handoff.csm != csm:
        words = f"<@{handoff.csm}> is the CSM already: somebody was quicker. Change owners names another."
        raise Refusal(words, {"csm": words})
    return change_owners(handoff, handoff.ae, csm, handoff.se, by=by, now=now)
