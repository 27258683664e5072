"""Who may do what, before and after setup."""

import pytest

from bot.events import BATON
from bot.handoffs import Handoff, Stage
from bot.metrics import By, Slice
from bot.permissions import Act, demand, demand_admin, demand_figures, may, may_see_sensitive
from bot.promises import SECTION, assign
from bot.refusals import Refusal
from bot.reminders import Nudged
from bot.teams import Person, Team
from tests.examples import AE, CS_LEADER, CSM, NOW, SALES_LEADER, SE, STRANGER, TEAM, after, at, empty, written
from tests.happenings import DAY, owners, returned, signed, submitted

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
            f"Only the people of this handoff may change it. Ask <@{AE}>, <@{CSM}> or <@{SE}>.",
        ),
        (Act.REVIEW, f"Only the CSM and the CS leader may accept or return it. Ask <@{CSM}> or <@{CS_LEADER}>."),
        (Act.READ, f"Only the people of this handoff may read it. Ask <@{AE}>, <@{CSM}> or <@{SE}>."),
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


BIG, SMALL = Slice(By.TEAM, "EMEA", (AE, CSM, OTHER_AE)), Slice(By.TEAM, "Solo", (CSM, CS_LEADER, STRANGER))


@pytest.mark.parametrize(
    ("of", "those"),
    [
        (None, {AE, CSM, OTHER_AE, OTHER_CSM, CS_LEADER, SALES_LEADER}),
        (Slice(By.SEGMENT, "smb"), {AE, CSM, OTHER_AE, OTHER_CSM, CS_LEADER, SALES_LEADER}),
        (BIG, {AE, CSM, OTHER_AE, OTHER_CSM, CS_LEADER, SALES_LEADER}),
        (SMALL, {CSM, CS_LEADER, SALES_LEADER}),
        (Slice(By.CSM, CSM), {CSM, CS_LEADER, SALES_LEADER}),
        (Slice(By.AE, AE), {AE, CS_LEADER, SALES_LEADER}),
    ],
)
def test_whose_figures_are_for_whom(of: Slice | None, those: set[str]) -> None:
    everybody = (AE, CSM, OTHER_AE, OTHER_CSM, CS_LEADER, SALES_LEADER, STRANGER)
    assert {one for one in everybody if shown(one, of)} == those
    assert {one for one in everybody if shown(one, of, By.CSM)} == {CS_LEADER, SALES_LEADER}
    assert shown(STRANGER, of, team=BEFORE_SETUP)


def shown(person: str, of: Slice | None, by: By | None = None, team: Team = SET_UP) -> bool:
    """Whether somebody is shown these figures."""
    try:
        demand_figures(Person(id=person, name="Sam"), team, of, by)
    except Refusal:
        return False
    return True


def asked_of(person: str, deadline: str, handoff: Handoff, owner: str = AE) -> Handoff:
    """Baton has reminded somebody of that deadline."""
    nudged = Nudged(by=BATON, at=NOW, deadline=deadline, to=person, owner=owner, rung=1)
    return after(handoff, nudged)


SIGNED = after(empty(), signed())
IN_REVIEW = after(SIGNED, submitted(at=NOW + DAY))


@pytest.mark.parametrize(
    ("handoff", "deadline", "allowed"),
    [
        (SIGNED, "complete_document", (True, False, True)),
        (IN_REVIEW, "first_contact", (True, False, True)),
        (IN_REVIEW, "review_document", (True, True, True)),
        (IN_REVIEW, "complete_document", (False, False, False)),  # done: nobody is asked any more
    ],
)
def test_whom_baton_reminded_may_act_while_it_is_owed(
    handoff: Handoff, deadline: str, allowed: tuple[bool, bool, bool]
) -> None:
    before = tuple(may(act, STRANGER, handoff, SET_UP) for act in (Act.CHANGE, Act.REVIEW, Act.READ))
    assert before == (False, False, False)
    asked = asked_of(STRANGER, deadline, handoff)
    assert tuple(may(act, STRANGER, asked, SET_UP) for act in (Act.CHANGE, Act.REVIEW, Act.READ)) == allowed
    assert not may_see_sensitive(STRANGER, asked, SET_UP)


def test_whom_baton_reminded_may_act_no_more_when_it_is_done() -> None:
    asked = asked_of(STRANGER, "complete_document", SIGNED)
    assert not may(Act.CHANGE, STRANGER, after(asked, submitted()), SET_UP)


def test_who_reviewed_another_submission_does_not_review_this_one() -> None:
    asked = asked_of(STRANGER, "review_document", IN_REVIEW)
    again = after(asked, returned(NOW + 2 * DAY), submitted(2, NOW + 3 * DAY))
    assert not may(Act.REVIEW, STRANGER, again, SET_UP)


def test_whoever_has_one_promise_may_see_to_that_one_and_to_nothing_else() -> None:
    rows = [{"id": row, "commitment": row, "due": "2026-12-18"} for row in ("api", "sso")]
    handoff = after(written(at(Stage.ACCEPTED), SECTION, promised=rows))
    given = after(handoff, assign(handoff, "api", STRANGER, by=AE, now=NOW))
    asked = asked_of("U0COVER", "keep_promise.api", asked_of(STRANGER, "keep_promise.api", given, STRANGER), STRANGER)
    for person in (STRANGER, "U0COVER"):
        assert [act for act in Act if may(act, person, asked, SET_UP, "sso")] == [Act.READ]
        mine = [act for act in Act if may(act, person, asked, SET_UP, "api")]
        assert mine == [Act.READ, Act.ANSWER, Act.KEEP, Act.PUT_OFF]  # nobody asks a question of that id
    taken = after(asked, assign(asked, "api", None, by=AE, now=NOW))
    assert not any(may(Act.KEEP, person, taken, SET_UP, "api") for person in (STRANGER, "U0COVER"))


def test_who_is_the_owner_no_more_or_stands_in_for_nobody_may_no_more() -> None:
    asked = asked_of("U0COVER", "complete_document", asked_of(AE, "complete_document", SIGNED))
    assert may(Act.CHANGE, "U0COVER", asked, SET_UP)
    back = asked_of(AE, "complete_document", asked)
    assert not may(Act.CHANGE, "U0COVER", back, SET_UP)
    passed = after(asked, owners(CSM, ae=OTHER_AE))
    assert [may(Act.CHANGE, person, passed, SET_UP) for person in (AE, "U0COVER", OTHER_AE)] == [False, False, True]
