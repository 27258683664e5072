"""Who may do what: the one table that every door asks."""

from datetime import datetime
from enum import StrEnum

from bot.handoffs import Handoff
from bot.metrics import By, Slice
from bot.records import MeetingKind
from bot.refusals import Refusal, either
from bot.slices import PEOPLE
from bot.teams import Person, Team

_A_TEAM = 3  # AEs and CSMs: of fewer, what is the team's is easily one person's
_OF_OTHERS = "Only leaders see the figures of others. Yours are `/handoff metrics csm:me` and `ae:me`."
_OF_FEW = "The figures of a team of one or two AEs and CSMs are for leaders and for its own members."


class Act(StrEnum):
    """What a person may be allowed to do with a handoff."""

    CHANGE = "change this handoff"
    REVIEW = "review this handoff"
    READ = "read this handoff"
    ANSWER = "answer questions about this handoff"
    INTRODUCE = "say that the CSM was introduced"
    KEEP = "see to the promises of this handoff"
    PUT_OFF = "put off or pass on what is owed here"
    JUDGE = "give verdicts on promises"
    DECIDE = "decide what was escalated"
    COMPLETE = "complete this handoff"
    ASSESS = "say what was missing"
    SURVEY = "note what the customer said"


def may(act: Act, person: str, handoff: Handoff, team: Team, item: str = "") -> bool:
    """Whether `person` may `act`; on one question or promise (`item`), also as whose it is."""
    return person in _allowed(act, handoff, team, item) or (act is Act.READ and not team.cs_team)


def may_see_sensitive(person: str, handoff: Handoff, team: Team) -> bool:
    """Detractor and politics are for the AE, the CSM and their leaders."""
    return person in {handoff.ae, handoff.csm, *team.leaders}


def demand(act: Act, person: str, handoff: Handoff, team: Team, item: str = "") -> None:
    """Refuse politely, naming who may, unless `person` may `act` (on that one question or promise)."""
    if may(act, person, handoff, team, item):
        return
    who = either([f"<@{one}>" for one in _allowed(act, handoff, team, item)[:3]])
    ask = f"Ask {who}." if who else _NOBODY.get(act, "No CSM is named yet: use Change owners to name one.")
    raise Refusal(f"Only {_WHO[act]} may {_WORDS[act]}. {ask}")


def demand_admin(person: Person, what: str = "Setup is", word: str = "setup") -> None:
    """What holds for the whole workspace is settled by its admins and owners."""
    if not person.is_admin:
        raise Refusal(
            f"{what} for the admins and owners of this Slack workspace. Ask one of them to run `/handoff {word}`."
        )


def demand_overview(person: Person, team: Team, what: str = "The digest is") -> None:
    """Refuse politely unless `person` may look over the whole workspace."""
    if not may_overview(person, team):
        raise Refusal(f"{what} for the leaders and the admins of this workspace. Ask one of them.")


def may_overview(person: Person | None, team: Team) -> bool:
    """What tells of the whole workspace is for its leaders and its admins."""
    return person is not None and not person.is_guest and (person.is_admin or person.id in team.leaders)


def may_see_people(person: str, team: Team) -> bool:
    """Whose figures are whose is for the leaders; until setup has named anybody of CS, for everybody."""
    return not team.cs_team or person in team.leaders


def may_see_figures(person: str, team: Team, of: Slice | None) -> bool:
    """The figures of one person are for leaders and that person; those of a team that is hardly more, for its own."""
    if of is None or may_see_people(person, team):
        return True
    if of.by is By.TEAM:
        return person in of.people or len({*team.aes, *team.csms}.intersection(of.people)) >= _A_TEAM
    return of.by not in PEOPLE or of.key == person


def demand_figures(person: Person, team: Team, of: Slice | None = None, by: By | None = None) -> None:
    """The figures are for Sales and CS; one person's, and those `by` person, are not for everybody of them."""
    if person.is_guest:
        raise Refusal("The figures are for the members of this workspace, not for its guests.")
    if team.cs_team and not person.is_admin and person.id not in {*team.aes, *team.cs_team}:
        raise Refusal("The figures are for Sales and CS: the AEs, CSMs and leaders that `/handoff setup` names.")
    if by in PEOPLE and not may_see_people(person.id, team):
        raise Refusal(_OF_OTHERS)
    if not may_see_figures(person.id, team, of):
        raise Refusal(_OF_FEW if of and of.by is By.TEAM else _OF_OTHERS)


def _allowed(act: Act, handoff: Handoff, team: Team, item: str) -> tuple[str, ...]:
    people: tuple[str | None, ...]
    if act is Act.REVIEW:
        reminded = asked(handoff, since=handoff.submitted_at) if handoff.submitted_at else ()
        people = (handoff.csm, team.cs_leader, *reminded)
    elif act is Act.INTRODUCE:
        over = [one.ends_at for one in handoff.planned if one.kind is MeetingKind.INTRODUCTION]
        people = (handoff.ae, *team.leaders, *(one for moment in over for one in asked(handoff, since=moment)))
    elif act is Act.CHANGE:
        people = (*handoff.people, *team.leaders, *asked(handoff))
    elif act is Act.JUDGE:
        people = (handoff.csm, handoff.se, team.cs_leader)
    elif act is Act.COMPLETE:
        people = (handoff.csm, *team.leaders)
    elif act in (Act.ASSESS, Act.SURVEY):
        reminded = asked(handoff, since=handoff.completion.at) if handoff.completion else ()
        people = (handoff.csm, *team.leaders, *reminded)
    elif act is Act.DECIDE:
        people = team.leaders
    elif act in (Act.KEEP, Act.PUT_OFF):
        people = (*handoff.people, *team.leaders, *asked(handoff), *_charged(handoff, item))
    elif act is Act.ANSWER:
        people = (*handoff.people, *team.leaders, *asked(handoff), *_charged(handoff, item), *_entrusted(handoff))
    else:
        named = (*_entrusted(handoff), *_keepers(handoff))
        people = (*handoff.people, *team.leaders, *team.csms, *_reminded(handoff), *named)
    return tuple(dict.fromkeys(person for person in people if person))


def asked(handoff: Handoff, since: datetime | None = None) -> tuple[str, ...]:
    """Whom Baton has reminded of what is still owed (of what began at `since` only): whoever is asked may act. Not of
    one question or promise: that is a part, and gives no right to the whole."""
    whole = (one for kind, one in handoff.awaited.items() if "." not in kind)
    return tuple(person for one in whole if one.is_open and since in (None, one.started_at) for person in one.asked)


def _reminded(handoff: Handoff) -> tuple[str, ...]:
    """Whom Baton has reminded of anything that is still owed."""
    return tuple(person for one in handoff.awaited.values() if one.is_open for person in one.asked)


def _charged(handoff: Handoff, item: str) -> tuple[str | None, ...]:
    """Whose that one question or promise is, and whom Baton has reminded of it in that person's place."""
    question = handoff.questions.get(int(item)) if item.isdecimal() else None
    promise = handoff.promises.get(item)
    owner = (question.to or handoff.ae) if question and question.is_open else (promise and promise.owner) or handoff.csm
    owed = (one for kind, one in handoff.awaited.items() if item and kind.partition(".")[2] == item)
    return (owner, *(person for one in owed if one.is_open and one.ladder_of == owner for person in one.asked))


def _entrusted(handoff: Handoff) -> tuple[str | None, ...]:
    """Whoever is to answer a question, until it is answered."""
    return tuple(question.to for question in handoff.questions.values() if question.is_open)


def _keepers(handoff: Handoff) -> tuple[str | None, ...]:
    """Whoever was named to see to a promise."""
    return tuple(promise.owner for promise in handoff.promises.values())


_NOBODY = {Act.DECIDE: "Nobody has named any yet: an admin does it in `/handoff setup`."}
_WHO = dict.fromkeys(Act, "the people of this handoff") | {
    Act.REVIEW: "the CSM and the CS leader",
    Act.INTRODUCE: "the AE and the leaders",
    Act.JUDGE: "the CSM, the SE and the CS leader",
    Act.DECIDE: "the leaders",
    Act.COMPLETE: "the CSM and the leaders",
    Act.ASSESS: "the CSM and the leaders",
    Act.SURVEY: "the CSM and the leaders",
}
_WORDS = {
    Act.CHANGE: "change it",
    Act.INTRODUCE: "say that the CSM was introduced",
    Act.REVIEW: "accept or return it",
    Act.READ: "read it",
    Act.ANSWER: "answer",
    Act.KEEP: "do this",
    Act.PUT_OFF: "put this off or pass it on",
    Act.JUDGE: "say whether a promise can be kept",
    Act.DECIDE: "decide about an escalation",
    Act.COMPLETE: "complete or reopen it",
    Act.ASSESS: "say what was missing",
    Act.SURVEY: "note what the customer said",
}
