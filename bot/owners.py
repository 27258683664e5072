"""Other owners: who comes and who goes, and what goes along from one to the other."""

from collections.abc import Mapping

from bot.handoffs import Awaited, Handoff
from bot.records import Meeting, Promise, Question
from bot.refusals import Refusal

ROLES = ("ae", "csm", "se")
Owners = Mapping[str, str | None]  # by role


def owners_of(handoff: Handoff) -> dict[str, str | None]:
    """Who they are now."""
    return {"ae": handoff.ae, "csm": handoff.csm, "se": handoff.se}


def merge(handoff: Handoff, seen: Owners, named: Owners) -> dict[str, str | None]:
    """What a form asks for that showed `seen`: only what was changed in it counts. Refuses what somebody else has
    named otherwise meanwhile."""
    merged, problems = owners_of(handoff), {}
    for role, standing in owners_of(handoff).items():
        if named[role] == seen[role]:
            continue
        if standing not in (seen[role], named[role]):
            who = f"<@{standing}> was named" if standing else "Nobody is named any more, since"
            problems[role] = f"{who} while this form was open. Close it and open it again if you mean another."
        merged[role] = named[role]
    if problems:
        raise Refusal(" ".join(problems.values()), problems)
    return merged


def newcomers(before: Handoff, after: Handoff) -> tuple[str, ...]:
    """Who has a role now and did not have it before."""
    had, have = owners_of(before), owners_of(after)
    return tuple(dict.fromkeys(one for role, one in have.items() if one and one != had[role]))


def leavers(before: Handoff, after: Handoff) -> dict[str, str]:
    """Who has no role any more, with the one that each had."""
    left = ((one, role) for role, one in reversed(owners_of(before).items()) if one and one not in after.people)
    return dict(left)


def passed_on(before: Handoff, after: Handoff) -> Handoff:
    """`after` with what those who left were given on their own: questions, promises, deadlines, seats in meetings."""
    now = owners_of(after)
    heirs = {one: now[role] for one, role in leavers(before, after).items()}
    joined = tuple(one for one in newcomers(before, after) if one in (after.ae, after.csm))

    def question(one: Question) -> Question:
        heir = heirs.get(one.to or "", one.to) or after.ae
        handed = one.handed + (heir != (one.to or before.ae))
        return one.model_copy(update={"to": None if heir == after.ae else heir, "handed": handed})

    def promise(one: Promise) -> Promise:
        heir = one.owner if one.ended else heirs.get(one.owner or "", one.owner)
        return one.model_copy(update={"owner": None if heir == after.csm else heir})

    def meeting(one: Meeting) -> Meeting:
        seats = (*(heirs.get(person, person) for person in one.attendees), *joined)
        attendees = tuple(dict.fromkeys(person for person in seats if person))
        if one not in after.planned or attendees == one.attendees:
            return one
        return one.model_copy(update={"attendees": attendees, "sequence": one.sequence + 1})

    def owed(one: Awaited) -> Awaited:
        asked = {"asked": ()} if one.ladder_of in heirs else {}
        heir = heirs.get(one.reassigned_to or "", one.reassigned_to)
        return one.model_copy(update={"reassigned_to": heir, **asked})

    return after.model_copy(
        update={
            "questions": {number: question(one) for number, one in after.questions.items()},
            "promises": {row: promise(one) for row, one in after.promises.items()},
            "meetings": {kind: meeting(one) for kind, one in after.meetings.items()},
            "awaited": {kind: owed(one) for kind, one in after.awaited.items()},
        }
    )
