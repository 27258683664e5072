"""What the customer says: the form, the inputs that other forms share, and its words in the history."""

from collections import Counter
from collections.abc import Sequence

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import Block, Element, View
from bot.deadlines import CONFIDENTIAL
from bot.handoffs import Handoff
from bot.playbook import Playbook
from bot.surveys import BEST, WHAT, WORDS, CustomerRepeated, NothingRepeated, SurveyAnswered

_SCORES = {5: "Very satisfied", 4: "Satisfied", 3: "Neutral", 2: "Dissatisfied", 1: "Very dissatisfied"}
_QUOTED = 500
_SHORT = 200


def survey_button(handoff: Handoff) -> Element:
    """Opens the form."""
    return kit.button("What the customer said", Id.SURVEY_OPEN, Ref(handoff=handoff.id).pack())


def heard_buttons(handoff: Handoff) -> list[Element]:
    """Nothing had to be explained again, or say what."""
    ref = Ref(handoff=handoff.id).pack()
    return [kit.button("Nothing, all was known", Id.SURVEY_NOTHING, ref, kit.Style.PRIMARY), survey_button(handoff)]


def survey_view(handoff: Handoff, playbook: Playbook) -> View:
    """What had to be explained again, and how satisfied is the customer? Above it stands what was noted."""
    what = kit.text_input(multiline=True, max_length=WHAT.max_length)
    blocks = [
        kit.section(f"*{kit.escape(handoff.customer)}*\nFill in what you know: one of the two is enough."),
        *noted(handoff, playbook),
        *repeated_inputs(handoff, playbook),
        kit.field_input(WHAT.id, WHAT.label, what, hint=read_by(playbook)),
        kit.divider(),
        *score_inputs(),
    ]
    ref = Ref(handoff=handoff.id).pack()
    return kit.modal(
        "What the customer said", blocks, callback_id=Id.SURVEY_SAVE, submit="Note it", close="Cancel", metadata=ref
    )


def noted(handoff: Handoff, playbook: Playbook) -> list[Block]:
    """What is known already, in a line or two."""
    lines = []
    if handoff.repeats:
        times = Counter(name for one in handoff.repeats for name in labels(one.sections, playbook))
        told = ", ".join(f"{name}{f' ({count} times)' if count > 1 else ''}" for name, count in times.items())
        last = handoff.repeats[-1]
        lines.append(f":repeat: Explained again so far: {told}. {kit.person(last.by)}, {kit.moment(last.at)}")
    elif heard := handoff.heard:
        lines.append(f":repeat: Nothing explained again so far. {kit.person(heard.by)}, {kit.moment(heard.at)}")
    if one := handoff.survey:
        words = f" “{kit.in_brief(one.words, _SHORT)}”" if one.words else ""
        lines.append(f":bar_chart: Survey: *{one.score} of {BEST}*.{words} {kit.person(one.by)}, {kit.moment(one.at)}")
    return [kit.context(*lines)] if lines else []


def repeated_inputs(handoff: Handoff, playbook: Playbook) -> list[Block]:
    """What had to be explained again? Nothing can be said while nobody has said anything."""
    tick, choice = kit.checkboxes([kit.option("No, all was known", "yes")]), sections_select(playbook)
    nothing = kit.field_input("nothing", "Did the customer have to explain anything again?", tick)
    return [
        *([] if handoff.heard else [nothing]),
        kit.field_input("repeated", "What did the customer have to explain again?", choice),
    ]


def score_inputs() -> list[Block]:
    """What did the customer answer?"""
    scores = [kit.option(f"{score} · {words}", str(score)) for score, words in _SCORES.items()]
    words = kit.text_input(multiline=True, max_length=WORDS.max_length)
    return [
        kit.field_input("score", "Customer survey: satisfaction", kit.select(scores)),
        kit.field_input(WORDS.id, WORDS.label, words, hint="The channel reads these words."),
    ]


# -- about sections of the document


def sections_select(playbook: Playbook) -> Element:
    """Any of the document's sections."""
    options = [kit.option(section.label, section.id) for section in playbook.sections]
    return {"type": "multi_static_select", "options": options, "placeholder": kit.plain("Choose sections")}


def read_by(playbook: Playbook) -> str:
    """Who reads the words about a section, for a form's hint."""
    closed = " or ".join(one.label for one in playbook.sections if any(field.sensitive for field in one.fields))
    kept = f"; those about {closed} are kept in Baton's records only" if closed else ""
    return f"The channel reads these words{kept}."


def labels(sections: Sequence[str], playbook: Playbook) -> list[str]:
    """The sections as they are headed, in mrkdwn."""
    found = (playbook.section(one) for one in sections)
    return [f"*{kit.escape(section.label)}*" for section in found if section]


def quoted(words: str, sections: Sequence[str], playbook: Playbook) -> str:
    """The words; of a section that has a sensitive field, not for all who read the channel."""
    about = filter(None, map(playbook.section, sections))
    if words and any(field.sensitive for section in about for field in section.fields):
        return f" ({CONFIDENTIAL})"
    return f" “{kit.escape(kit.clip(words, _QUOTED))}”" if words else ""


# -- in the history


def said(event: CustomerRepeated | NothingRepeated | SurveyAnswered, playbook: Playbook) -> str:
    """What the customer said, in mrkdwn."""
    if isinstance(event, NothingRepeated):
        return "the customer had to explain nothing again."
    if isinstance(event, SurveyAnswered):
        return f"the customer gave *{event.score} of {BEST}*.{quoted(event.words, (), playbook)}"
    *others, last = labels(event.sections, playbook)
    what = f"{', '.join(others)} and {last}" if others else last
    return f"the customer had to explain {what} again.{quoted(event.words, event.sections, playbook)}"
