"""Whose tabs the Home has, and which move brings a handoff on."""

import pytest

from bot.handoffs import Handoff, Stage
from bot.homes import Tab, next_move, tabs_of
from bot.steps import Move
from bot.teams import Person, Team
from tests.examples import AE, CSM, PLAYBOOK, SE, STRANGER, brought, complete, empty

TEAM = Team(aes=(AE,), csms=(CSM,), cs_leader="U0LEADS", sales_leader="U0SELLS")


@pytest.mark.parametrize(
    ("user", "person", "parts", "tabs"),
    [
        ("U0LEADS", {}, {}, [Tab.TEAM]),
        ("U0SELLS", {}, {"sells": True}, [Tab.TEAM, Tab.SALES]),
        ("U0LEADS", {"is_admin": True}, {"leads": True}, [Tab.TEAM, Tab.CS, Tab.ADMIN]),
        (CSM, {}, {}, [Tab.CS]),
        (CSM, {}, {"sells": True}, [Tab.CS, Tab.SALES]),
        (AE, {}, {}, [Tab.SALES]),
        (STRANGER, {}, {}, [Tab.SALES]),
        (STRANGER, {}, {"leads": True}, [Tab.CS]),
        (STRANGER, {"is_admin": True}, {}, [Tab.ADMIN]),
        (STRANGER, {"is_admin": True}, {"sells": True}, [Tab.SALES, Tab.ADMIN]),
        ("U0LEADS", {"is_guest": True}, {}, [Tab.SALES]),
        ("U0LEADS", {"is_guest": True, "is_admin": True}, {"leads": True}, [Tab.CS]),
    ],
)
def test_everybody_has_the_tabs_of_their_roles(
    user: str, person: dict[str, bool], parts: dict[str, bool], tabs: list[Tab]
) -> None:
    known = Person.model_validate({"id": user, "name": user} | person)
    assert tabs_of(user, known, TEAM, **{"sells": False, "leads": False} | parts) == tabs


def test_whom_nobody_knows_yet_sees_what_everybody_sees() -> None:
    assert tabs_of("U0NEW", None, TEAM, sells=False, leads=False) == [Tab.SALES]


@pytest.mark.parametrize(
    ("handoff", "person", "move"),
    [
        (empty(), AE, Move.EDIT),
        (complete(se=SE), SE, Move.SUBMIT),
        (complete().model_copy(update={"csm": None}), AE, Move.ASSIGN),
        (complete(), CSM, Move.VIEW),
        (brought(complete(), Stage.IN_REVIEW), AE, Move.VIEW),
        (brought(complete(), Stage.RETURNED), AE, Move.SUBMIT),
        (brought(complete(), Stage.ACCEPTED), CSM, Move.MEETINGS),
        (brought(complete(), Stage.COMPLETED), AE, Move.VIEW),
        (brought(complete(), Stage.CANCELLED), AE, Move.VIEW),
    ],
)
def test_the_next_move_is_one_that_is_open(handoff: Handoff, person: str, move: Move) -> None:
    assert next_move(handoff, PLAYBOOK, person) is move
