"""What the customer says: what had to be explained again, and how satisfied the customer is."""

from datetime import datetime

from pydantic import Field

from bot.events import Event
from bot.facts import IMPLIED_BY
from bot.handoffs import Done, Handoff, Stage
from bot.playbook import Kind, Playbook, PlaybookField
from bot.records import Repeat, Survey
from bot.refusals import Refusal, refuse_fields
from bot.timing import Fact
from bot.values import read

# What a form says: `nothing` ("yes"), `repeated` (section ids, by commas), `score`, and the words to the last two.
Typed = dict[str, str]
WHAT = PlaybookField(id="repeated_words", label="What it was", kind=Kind.LONG_TEXT, max_length=1000)
WORDS = PlaybookField(id="score_words", label="The customer's words", kind=Kind.LONG_TEXT, max_length=1000)
FIELDS = ("nothing", "repeated", WHAT.id, "score", WORDS.id)
BEST = 5
_MET = (Fact.FIRST_CONTACT, *IMPLIED_BY[Fact.FIRST_CONTACT])
_STAYS = "It is noted already that the customer had to explain something again, and that stays."


class CustomerRepeated(Event):
    """The customer had to explain something again that belongs in these sections of the document."""

    sections: tuple[str, ...]
    words: str = ""

    def change(self, handoff: Handoff) -> Handoff:
        """With one more time."""
        again = Repeat(sections=self.sections, words=self.words, by=self.by, at=self.at)
        return handoff.model_copy(update={"repeats": (*handoff.repeats, again), "heard": _heard(self, handoff)})


class NothingRepeated(Event):
    """The customer had to explain nothing again."""

    def change(self, handoff: Handoff) -> Handoff:
        """It is known now."""
        return handoff.model_copy(update={"heard": _heard(self, handoff)})


def _heard(event: Event, handoff: Handoff) -> Done:
    return handoff.heard or Done(by=event.by, at=event.at)


class SurveyAnswered(Event):
    """The customer said how satisfied they are, from 1 to 5; the last answer counts."""

    score: int = Field(ge=1, le=BEST)
    words: str = ""

    def change(self, handoff: Handoff) -> Handoff:
        """With this answer."""
        answer = Survey(score=self.score, words=self.words, by=self.by, at=self.at)
        return handoff.model_copy(update={"survey": answer})


def has_met(handoff: Handoff) -> bool:
    """Whether the customer can have met anybody of CS."""
    return handoff.completion is not None or any(step in handoff.steps for step in _MET)


def refuse_unless_met(handoff: Handoff) -> None:
    """The handoff goes on, or is completed, and the customer can have said something to CS."""
    if handoff.stage is Stage.CANCELLED:
        raise Refusal("This handoff is cancelled. Reopen it to go on.")
    if not has_met(handoff):
        raise Refusal("The customer has met nobody of CS yet: note the introduction or the first contact first.")


def note(handoff: Handoff, playbook: Playbook, typed: Typed, *, by: str, now: datetime) -> list[Event]:
    """What the customer said; a form that says nothing is refused."""
    refuse_unless_met(handoff)
    if not any(typed.get(field, "").strip() for field in FIELDS):
        empty = "Say what the customer had to explain again, if anything, or below how satisfied the customer is."
        raise Refusal(empty, {"repeated": empty})
    return told(handoff, playbook, typed, by=by, now=now)


def nothing_repeated(handoff: Handoff, *, by: str, now: datetime) -> NothingRepeated | None:
    """The customer had to explain nothing again; None where that is known. What was noted before stays."""
    refuse_unless_met(handoff)
    if handoff.repeats:
        raise Refusal(_STAYS, {"nothing": _STAYS})
    return None if handoff.heard else NothingRepeated(by=by, at=now)


def told(handoff: Handoff, playbook: Playbook, typed: Typed, *, by: str, now: datetime) -> list[Event]:
    """What a form says of the customer, less what was just so the last time."""
    refuse_unless_met(handoff)
    chosen, score = [one for one in typed.get("repeated", "").split(",") if one], typed.get("score", "")
    what, words = read(WHAT, typed.get(WHAT.id, "")), read(WORDS, typed.get(WORDS.id, ""))
    is_nothing, problems = typed.get("nothing") == "yes", {}
    if is_nothing and chosen:
        problems["nothing"] = "Tick this, or choose sections below: not both."
    if strange := set(chosen) - {section.id for section in playbook.sections}:
        problems["repeated"] = f"There is no section {', '.join(sorted(strange))}."
    elif what and not chosen:
        problems["repeated"] = "Choose the sections that the customer had to explain again."
    if score not in ("", *map(str, range(1, BEST + 1))):
        problems["score"] = f"Choose a score from 1 to {BEST}."
    elif words and not score:
        problems["score"] = "Choose how satisfied the customer is."
    refuse_fields(problems)
    sections = tuple(section.id for section in playbook.sections if section.id in chosen)
    repeated = [CustomerRepeated(by=by, at=now, sections=sections, words=what)] if sections else []
    answered = [SurveyAnswered(by=by, at=now, score=int(score), words=words)] if score else []
    last = next(reversed(handoff.repeats), None)
    nothing = nothing_repeated(handoff, by=by, now=now) if is_nothing else None
    return [
        *([nothing] if nothing else []),
        *(one for one in repeated if not last or (last.by, last.sections, last.words) != (by, sections, what)),
        *(one for one in answered if not handoff.survey or _answer(handoff.survey) != _answer(one)),
    ]


def _answer(one: Survey | SurveyAnswered) -> tuple[int, str]:
    return one.score, one.words
