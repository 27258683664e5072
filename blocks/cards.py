"""The handoff card: the one message of a customer's channel that always says where things stand."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime

from blocks import captures, completion, escalations, kit, promises
from blocks.deadlines import clock_lines
from blocks.fades import fade_plan
from blocks.ids import Id, Ref
from blocks.kit import Block, Element, Style
from blocks.meetings import card_lines
from blocks.questions import card_line
from bot.documents import Progress, missing_in, progress
from bot.handoffs import Handoff
from bot.nudges import NEVER, Watch
from bot.playbook import Playbook, Section, label_of
from bot.steps import Move, leads, next_step, open_moves
from bot.teams import Team
from bot.timing import Fact

MOVES: dict[Move, tuple[str, Id, Style]] = {
    Move.EDIT: ("Edit document", Id.DOCUMENT_EDIT, Style.PLAIN),
    Move.VIEW: ("View document", Id.DOCUMENT_VIEW, Style.PLAIN),
    Move.SIGN: ("Contract signed", Id.SIGN_OPEN, Style.PLAIN),
    Move.SUBMIT: ("Submit for review", Id.SUBMIT, Style.PRIMARY),
    Move.ACCEPT: ("Accept", Id.ACCEPT_OPEN, Style.PRIMARY),
    Move.SEND_BACK: ("Return", Id.RETURN_OPEN, Style.PLAIN),
    Move.ASSIGN: ("Assign CSM", Id.ASSIGN_OPEN, Style.PLAIN),
    Move.OWNERS: ("Change owners", Id.OWNERS_OPEN, Style.PLAIN),
    Move.DEAL: ("Change deal", Id.DEAL_OPEN, Style.PLAIN),
    Move.HISTORY: ("History", Id.HISTORY_OPEN, Style.PLAIN),
    Move.CANCEL: ("Cancel handoff", Id.CANCEL_OPEN, Style.PLAIN),
    Move.REOPEN: ("Reopen", Id.REOPEN, Style.PRIMARY),
    Move.MEETINGS: ("Meetings", Id.MEETINGS_OPEN, Style.PLAIN),
    Move.QUESTIONS: ("Questions", Id.QUESTIONS_OPEN, Style.PLAIN),
    Move.PROMISES: ("Promises", Id.PROMISES_OPEN, Style.PLAIN),
    Move.ESCALATE: ("Escalate", Id.ESCALATE_OPEN, Style.PLAIN),
    Move.WHY: ("Deadlines", Id.DEADLINES_OPEN, Style.PLAIN),
    Move.COMPLETE: ("Complete handoff", Id.COMPLETE_OPEN, Style.PLAIN),
    Move.FEEDBACK: ("How was the document?", Id.FEEDBACK_OPEN, Style.PLAIN),
    Move.SURVEY: ("What the customer said", Id.SURVEY_OPEN, Style.PLAIN),
    Move.KEEP_CHANNEL: ("Keep this channel", Id.CHANNEL_KEEP, Style.PLAIN),
}
# Of one stage five at most: Slack's limit of a menu.
_SELDOM = {Move.OWNERS, Move.DEAL, Move.HISTORY, Move.ESCALATE, Move.CANCEL, Move.SURVEY}
_PRESSING = 3  # questions, and promises, with their clocks on the card
_ITEMS = (Fact.QUESTION_ASKED, Fact.PROMISED)
_MARKS = {Progress.EMPTY: "○", Progress.STARTED: "◐", Progress.COMPLETE: "●"}


def card(
    handoff: Handoff, playbook: Playbook, team: Team, watches: Sequence[Watch] = (), now: datetime | None = None
) -> list[Block]:
    """The whole card. What a person typed is escaped; the sensitive fields are not on it."""
    step = next_step(handoff, playbook)
    owes = f" — {kit.person(step.owner)}" if step.owner else ""
    by_due = sorted(_ticking(watches, now), key=lambda watch: watch.due(now) or NEVER) if now else []
    clocks = [line for watch in by_due for line in clock_lines(watch, now)] if now else []
    ends = completion.card_lines(handoff) if handoff.completion else fade_plan(handoff, playbook)
    blocks = [
        kit.header(handoff.customer),
        kit.facts(_facts(handoff, playbook, team)),
        kit.section(
            "\n".join(
                [
                    f"*Next:* {step.words}{owes}",
                    *clocks,
                    *escalations.card_lines(handoff),
                    *card_line(handoff),
                    *captures.card_line(handoff),
                    *promises.card_line(handoff, watches, now),
                    *card_lines(handoff, playbook),
                ]
            )
        ),
        *([kit.section("\n".join(ends))] if ends else []),
        kit.section("*Document*\n" + "\n".join(section_line(section, handoff) for section in playbook.sections)),
    ]
    return [*blocks, _moves(handoff)]


def _moves(handoff: Handoff) -> Block:
    """What may be pressed: buttons, and what is wanted seldom in a menu behind them."""
    moves = open_moves(handoff)
    refs = {move: Ref(handoff=handoff.id, choice=MOVES[move][1]).pack() for move in moves if move in _SELDOM}
    seldom = [kit.option(MOVES[move][0], ref) for move, ref in refs.items()]
    menu = [kit.overflow(Id.CARD_MENU, seldom)] if seldom else []
    return kit.actions(*(move_button(move, handoff) for move in moves if move not in _SELDOM), *menu)


def _ticking(watches: Sequence[Watch], now: datetime) -> Iterator[Watch]:
    """All that has a clock. Of questions and promises, which have a line together, a few that are late or wait."""
    yield from (watch for watch in watches if watch.rule.starts not in _ITEMS)
    for items in _ITEMS:
        owed = (watch for watch in watches if watch.rule.starts is items and watch.is_owed)
        pressing = (one for one in owed if one.entry.pause or ((due := one.due(now)) and due <= now))
        yield from itertools.islice(pressing, _PRESSING)


def card_text(handoff: Handoff, playbook: Playbook) -> str:
    """The card for notifications and screen readers."""
    step = next_step(handoff, playbook)
    return kit.escape(f"Handoff of {handoff.customer}: {stage_words(handoff)}. Next: {step.words}.")


def move_button(move: Move, handoff: Handoff) -> Element:
    """The button of one move."""
    text, action, style = MOVES[move]
    return kit.button(text, action, Ref(handoff=handoff.id).pack(), style)


def section_line(section: Section, handoff: Handoff) -> str:
    """One section's state in a line: a mark, the label and what is missing."""
    state = progress(section, handoff)
    missing = len(missing_in(section, handoff))
    words = (
        f"{missing} required to go"
        if missing
        else state.value.lower()
        if handoff.content(section.id).values
        else "optional"
    )
    return f"{_MARKS[state]} {kit.escape(section.label)} · {words}"


def stage_words(handoff: Handoff) -> str:
    """The stage as people read it, with the round of the review."""
    again = f" (submission {handoff.submissions})" if handoff.stage == "in_review" and handoff.submissions > 1 else ""
    return handoff.stage.label + again


def money(handoff: Handoff) -> str:
    """The contract value with its currency, or a dash."""
    value = handoff.contract_value
    return f"{handoff.currency} {value:,}".strip() if value is not None else "—"


def _facts(handoff: Handoff, playbook: Playbook, team: Team) -> list[tuple[str, str]]:
    if handoff.signed_at:
        when = ("Contract signed", kit.day(handoff.signed_at))
    else:
        when = ("Expected close", kit.day(handoff.expected_close) if handoff.expected_close else "—")
    if handoff.is_accepted:
        when = ("Leads the customer now", kit.person(leads(handoff, playbook)))
    people = [("Account executive", kit.person(handoff.ae)), ("Customer success manager", kit.person(handoff.csm))]
    if handoff.se:
        people.append(("Solutions engineer", kit.person(handoff.se)))
    if team.cs_leader:
        people.append(("CS leader", kit.person(team.cs_leader)))
    segment = label_of(playbook.segments, handoff.segment)
    timing = label_of(playbook.timing_models, handoff.timing_model)
    value = kit.escape(money(handoff))
    return [
        ("Stage", stage_words(handoff)),
        ("Contract value", value),
        *people,
        when,
        ("Segment", kit.escape(f"{segment} · {timing}")),
    ]
