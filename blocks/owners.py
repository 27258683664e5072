"""Owners: who could be the CSM and why, the forms that name people, and what is told to who comes and who goes."""

from collections.abc import Sequence
from datetime import datetime

from blocks import kit
from blocks.cards import move_button, stage_words
from blocks.finding import Sight
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from blocks.lines import line
from blocks.responsibilities import responsibilities
from bot.assignments import Suggestion
from bot.colleagues import Colleagues
from bot.deals import OWNER_LABELS
from bot.events import Event
from bot.handoffs import Handoff, Stage
from bot.nudges import Watch
from bot.owners import owners_of
from bot.promises import ledger
from bot.questions import answers, open_questions
from bot.steps import Move, is_with_cs, next_step

_ROLES = {"ae": "AE", "csm": "CSM", "se": "solutions engineer"}
_MOST = 3  # CSMs to choose from in words; the picker has everybody
_FEW = 5  # things that are due
_FIRST_WORDS = 120
_LINE = 300


def reason(one: Suggestion) -> str:
    """What speaks for a CSM, and against, in one line of literal text."""
    load = f" (load {one.load:g})" if one.load != one.count else ""
    parts = [f"{one.count or 'no'} open handoff{'' if one.count == 1 else 's'}{load}"]
    hours = f"{one.apart:g} hour{'' if one.apart == 1 else 's'}"
    parts.append(f"works {hours} apart from {one.ae}" if one.apart else f"works in the same hours as {one.ae}")
    parts += [f"has handled {kit.clip(one.industry, _FIRST_WORDS)} before"] if one.industry else []
    return ", ".join(parts)


def assign_view(handoff: Handoff, suggestions: Sequence[Suggestion]) -> View:
    """Who is to be the CSM; the one who fits best is chosen already."""
    said = [
        f"{':bulb: ' if one is suggestions[0] else ''}*{kit.escape(one.name)}*: {kit.escape(reason(one))}."
        for one in suggestions[:_MOST]
    ]
    words = "\n".join(said) or "No CSM of the team is there just now. Choose any colleague."
    first = suggestions[0].csm if suggestions else None
    blocks = [
        kit.section(f"Who leads *{kit.escape(handoff.customer)}* after the sale?\n{words}"),
        kit.field_input("csm", OWNER_LABELS["csm"], kit.person_select(first), optional=False),
    ]
    ref = Ref(handoff=handoff.id).pack()
    return kit.modal("Assign CSM", blocks, callback_id=Id.ASSIGN_SAVE, submit="Assign", close="Cancel", metadata=ref)


def owners_view(handoff: Handoff, parent: str = "") -> View:
    """AE, CSM and SE as they are now. `parent`: the view below, to be redrawn."""
    now = owners_of(handoff)
    blocks = [
        kit.field_input(role, label, kit.person_select(now[role]), optional=role != "ae")
        for role, label in OWNER_LABELS.items()
    ]
    shown = ",".join(one or "" for one in now.values())
    ref = Ref(handoff=handoff.id, parent=parent, choice=shown).pack()
    return kit.modal("Change owners", blocks, callback_id=Id.OWNERS_SAVE, submit="Save", close="Cancel", metadata=ref)


def who_view(sight: Sight, colleagues: Colleagues) -> View:
    """Who is who, whose turn it is, and who owns what before and after."""
    handoff = sight.handoff
    named = [(_capital(_ROLES[role]), one) for role, one in owners_of(handoff).items()]
    team = colleagues.team
    named += [("CS leader", team.cs_leader), ("Sales leader", team.sales_leader)]
    lines = [f"*{label}:* {kit.person(one)}{_absence(one, colleagues, sight)}" for label, one in named]
    side, leading = ("CS", handoff.csm) if is_with_cs(handoff, sight.playbook) else ("Sales", handoff.ae)
    blocks = [
        kit.section(f"*{kit.escape(handoff.customer)}* · {stage_words(handoff)}\n" + "\n".join(lines)),
        kit.section(f"*{side}* leads the customer now: {kit.person(leading)}."),
        *responsibilities(sight.playbook, handoff),
    ]
    if handoff.stage is not Stage.CANCELLED:
        blocks.append(kit.actions(move_button(Move.OWNERS, handoff)))
    return kit.modal("Who owns what", blocks)


def _absence(person: str | None, colleagues: Colleagues, sight: Sight) -> str:
    if person is None or not colleagues.is_away(person, sight.now):
        return ""
    return " (account deactivated)" if colleagues.has_left(person) else " (away)"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


# -- what is told


def assigned(sight: Sight, reader: str, by: str, lately: Sequence[Event], *, sensitive: bool) -> list[Block]:
    """To `reader`, whom `by` named: how far it is, what is due, what is open, and what happened until then."""
    handoff, customer = sight.handoff, kit.escape(sight.handoff.customer)
    roles = [_ROLES[role] for role, one in owners_of(handoff).items() if one == reader]
    if not roles:
        return [kit.section(f"You have no part in the handoff of *{customer}* any more. {_people(handoff)}")]
    channel = f" in <#{handoff.channel_id}>" if handoff.channel_id else ""
    blocks = [kit.section(f"{kit.person(by)} named you {' and '.join(roles)} of *{customer}*{channel}.")]
    if handoff.stage is Stage.CANCELLED:
        return [*blocks, kit.section("The handoff is cancelled: there is nothing to do.")]
    step = next_step(handoff, sight.playbook)
    owes = f" — {kit.person(step.owner)}" if step.owner else ""
    state_now = f"{_people(handoff)}\n*Stage:* {_since(handoff)}\n*Next:* {step.words}{owes}"
    blocks += [kit.section(state_now), kit.section("\n".join([*_due(sight, reader), *_open(sight, sensitive)]))]
    if lately:
        told = "\n".join(f"• {kit.clip(line(event, sight.playbook), _LINE)}" for event in lately)
        blocks.append(kit.section(f"*What happened until then*\n{told}"))
    moves = [move_button(move, handoff) for move in (Move.VIEW, Move.WHY, Move.QUESTIONS, Move.PROMISES)]
    return [*blocks, kit.actions(*moves, kit.button("Who owns what", Id.WHO_OPEN, Ref(handoff=handoff.id).pack()))]


def _people(handoff: Handoff) -> str:
    return " · ".join(f"{_capital(_ROLES[role])} {kit.person(one)}" for role, one in owners_of(handoff).items() if one)


def _since(handoff: Handoff) -> str:
    since = {
        Stage.IN_REVIEW: handoff.submitted_at,
        Stage.RETURNED: handoff.returned and handoff.returned.at,
        Stage.ACCEPTED: handoff.accepted_at,
        Stage.COMPLETED: handoff.completion and handoff.completion.at,
    }.get(handoff.stage)
    return f"{stage_words(handoff)}, since {kit.moment(since or handoff.reopened_at or handoff.started_at)}"


def _due(sight: Sight, reader: str) -> list[str]:
    mine = [watch for watch in sight.watches if watch.is_owed and watch.owner == reader and not watch.rule.item]
    if not mine:
        return ["*Due for you:* nothing yet."]
    lines = [f"• {kit.escape(watch.rule.label)}{_by_when(watch, sight.now)}" for watch in mine[:_FEW]]
    more = [f"• … and {len(mine) - _FEW} more: `/handoff mine` lists them."] if len(mine) > _FEW else []
    return ["*Due for you*", *lines, *more]


def _by_when(watch: Watch, now: datetime) -> str:
    due = watch.due(now)
    return f": *{'overdue' if due <= now else 'due'}* {kit.moment(due)}" if due else ""


def _open(sight: Sight, sensitive: bool) -> list[str]:
    handoff = sight.handoff
    asked = open_questions(handoff, None if sensitive else sight.playbook)
    promised = [one for one in ledger(handoff) if one.is_open]
    lines = []
    if asked:
        first = f"“{kit.in_brief(asked[0].thread[-1].words, _FIRST_WORDS)}” — {kit.person(answers(asked[0], handoff))}"
        lines.append(f"*Open questions:* {len(asked)}, the first: {first}")
    if promised:
        lines.append(f"*Open promises:* {len(promised)}, the first: “{kit.in_brief(promised[0].words, _FIRST_WORDS)}”")
    return lines or ["No question and no promise is open."]


def thanked(handoff: Handoff, reader: str, role: str) -> list[Block]:
    """To `reader`, who had that role: thank you, and it goes on without you."""
    customer = kit.escape(handoff.customer)
    if reader in handoff.people:
        return [kit.section(f"You are on the handoff of *{customer}* again. {_people(handoff)}")]
    heir = owners_of(handoff)[role]
    goes_on = f" {kit.person(heir)} has it from here." if heir else ""
    text = f"Thank you for your part in *{customer}*. Nothing is asked of you here any more.{goes_on}"
    stays = f"You are still in <#{handoff.channel_id}>. Leave it whenever you like." if handoff.channel_id else ""
    return [kit.section(text), *([kit.context(stays)] if stays else [])]
