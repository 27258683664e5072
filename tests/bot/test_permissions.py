"""Who may do what, before and after setup."""

import pytest

from bot.handoffs import Handoff
from bot.permissions import Act, demand, demand_admin, may, may_see_sensitive
from bot.refusals import Refusal
from bot.teams import Person, Team
from tests.examples import AE, CS_LEADER, CSM, SALES_LEADER, SE, STRANGER, TEAM, empty

OTHER_CSM, OTHER_AE = "U0CSM2", "U0AE2"
BEFORE_SETUP = Team()
SET_UP = TEAM.model_copy(update={"aes": (AE, OTHER_AE)})


@pytest.fixture
def handoff() -> Handoff:
    """A handoff with all three owners."""
    return empty(se=SE)


TABLE = {  # person: (change, review, read, sensitive) after setup
    AE: (True, False, True, True),
    CSM: (True, True, True, True),
    SE: (True, False, True, False),
    CS_LEADER: (True, True, True, True),
    SALES_LEADER: (True, False, True, True),
    OTHER_CSM: (False, False, True, False),
    OTHER_AE: (False, False, False, False),
    STRANGER: (False, False, False, False),
}
TABLE_BEFORE_SETUP = {  # nobody leads yet, and everybody may read
    AE: (True, False, True, True),
    CSM: (True, True, True, True),
    SE: (True, False, True, False),
    CS_LEADER: (False, False, True, False),
    OTHER_CSM: (False, False, True, False),
    STRANGER: (False, False, True, False),
}


@pytest.mark.parametrize(
    ("team", "person", "allowed"),
    [
        *((SET_UP, person, allowed) for person, allowed in TABLE.items()),
        *((BEFORE_SETUP, person, allowed) for person, allowed in TABLE_BEFORE_SETUP.items()),
    ],
)
def test_every_act_for_every_role(
    handoff: Handoff, team: Team, person: str, allowed: tuple[bool, bool, bool, bool]
) -> None:
    acts = tuple(may(act, person, handoff, team) for act in (Act.CHANGE, Act.REVIEW, Act.READ))
    assert (*acts, may_see_sensitive(person, handoff, team)) == allowed


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (
            Act.CHANGE,
            f"Only the people of this handoff may change it. Ask <@{AE}> and <@{CSM}> and <@{SE}>.",
        ),
        (Act.REVIEW, f"Only the CSM and the CS leader may accept or return it. Ask <@{CSM}> and <@{CS_LEADER}>."),
        (Act.READ, f"Only the people of this handoff may read it. Ask <@{AE}> and <@{CSM}> and <@{SE}>."),
    ],
)
def test_a_refusal_names_who_may(handoff: Handoff, act: Act, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        demand(act, STRANGER, handoff, SET_UP)
    assert refused.value.words == words


def test_a_refused_review_without_a_reviewer_says_how_to_name_one() -> None:
    with pytest.raises(Refusal) as refused:
        demand(Act.REVIEW, AE, empty(csm=None), BEFORE_SETUP)
    assert refused.value.words.endswith("No CSM is named yet: use Change owners to name one.")


def test_setup_is_for_admins() -> None:
    demand_admin(Person(id="U1", name="Noah", is_admin=True))
    with pytest.raises(Refusal, match="admins and owners"):
        demand_admin(Person(id="U2", name="Mia"))
