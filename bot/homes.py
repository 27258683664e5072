"""The App Home: which tabs a person has, and the move that brings each handoff on."""

from enum import StrEnum

from bot.documents import missing_fields
from bot.handoffs import Handoff, Stage
from bot.playbook import Playbook
from bot.steps import Move
from bot.teams import Person, Team


class Tab(StrEnum):
    """The parts of the Home, each for one role."""

    TEAM = "team"
    CS = "cs"
    SALES = "sales"
    ADMIN = "admin"


def tabs_of(user: str, person: Person | None, team: Team, *, sells: bool, leads: bool) -> list[Tab]:
    """The tabs of `user`, the most useful one first. `sells`, `leads`: as AE or SE, or as CSM, of what goes on now."""
    is_guest = person is not None and person.is_guest
    is_admin = person is not None and person.is_admin
    roles = {
        Tab.TEAM: user in team.leaders and not is_guest,
        Tab.CS: leads or user in team.csms,
        Tab.SALES: sells or user in team.aes,
        Tab.ADMIN: is_admin and not is_guest,
    }
    return [tab for tab, is_theirs in roles.items() if is_theirs] or [Tab.SALES]


def next_move(handoff: Handoff, playbook: Playbook, person: str) -> Move:
    """What `person` would press to bring the handoff on."""
    if handoff.stage in (Stage.PREPARING, Stage.RETURNED) and person in (handoff.ae, handoff.se):
        if missing_fields(playbook, handoff):
            return Move.EDIT
        return Move.SUBMIT if handoff.csm else Move.ASSIGN
    return Move.MEETINGS if handoff.stage is Stage.ACCEPTED else Move.VIEW
