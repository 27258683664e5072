"""Reminders by DM, and the list of what a person owes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from blocks import kit
from blocks.deadlines import actions, ended, state
from blocks.fades import fade_plan
from blocks.ids import Id, Ref
from blocks.kit import Block
from blocks.owners import reason
from blocks.surveys import survey_button
from bot.assignments import Suggestion
from bot.nudges import Watch
from bot.timing import Fact

MOST_ITEMS = 12  # each is two or three blocks of the fifty that a message may have
MORE = "`/handoff mine` shows everything."


@dataclass(frozen=True)
class Item:
    """One thing to be reminded of. `suggestion`: who could be the CSM."""

    watch: Watch
    suggestion: Suggestion | None = None
    is_superseded: bool = False  # by a later reminder of the same
    is_past: bool = False  # of a round that is over: the review of another submission, another phase

    @property
    def is_over(self) -> bool:
        """Whether this will not change any more."""
        return self.is_superseded or self.is_past or not self.watch.is_owed


def reminder(items: Sequence[Item], reader: str, now: datetime) -> list[Block]:
    """Everything that is due, in one message, the most urgent first. What is done says so."""
    blocks: list[Block] = []
    open_items = [item for item in items if not item.is_over]
    if len(items) > 1:
        blocks.append(kit.section(f"*{_headline(items, len(open_items))}*"))

    def due(item: Item) -> datetime:
        return item.watch.due(now) or now

    shown = sorted(items, key=lambda item: (item.is_over, due(item)))  # what is done crowds out nothing that is left
    for item in sorted(shown[:MOST_ITEMS], key=due):
        blocks += _drawn(item, reader, now)
    if len(items) > MOST_ITEMS:
        blocks.append(kit.context(f"And {len(items) - MOST_ITEMS} more. {MORE}"))
    return blocks


def _headline(items: Sequence[Item], count: int) -> str:
    if count:
        return f"{count} things need you." if count > 1 else "One thing needs you."
    again = any(item.is_superseded and item.watch.is_owed for item in items)
    return "What is left of this is below." if again else "All of this is done."


def reminder_text(items: Sequence[Item], now: datetime) -> str:
    """The message for notifications and screen readers."""
    if len(items) > 1:
        customers = list(dict.fromkeys(item.watch.handoff.customer for item in items))
        more = f" and {len(customers) - 3} more" if len(customers) > 3 else ""
        return kit.escape(f"{len(items)} things need you: {', '.join(customers[:3])}{more}")
    watch = items[0].watch
    due = watch.due(now)
    when = f" — {kit.span(now - due)} late" if due and now > due and watch.is_owed else ""
    return kit.escape(f"{watch.rule.label}: {watch.handoff.customer}{when}")


def _drawn(item: Item, reader: str, now: datetime) -> list[Block]:
    watch = item.watch
    channel = f" · <#{watch.handoff.channel_id}>" if watch.handoff.channel_id else ""
    title = f"*{kit.escape(watch.rule.label)}* · *{kit.escape(watch.handoff.customer)}*{channel}"
    if item.is_past:
        return [kit.section(f"{title}\n{ended(watch)}")]
    if not watch.is_owed:
        clause = watch.handoff.stage.clause
        over = state(watch, now) if watch.entry.met_at else f"Not needed any more: the handoff is {clause}."
        return [kit.section(f"{title}\n{over}"), *_survey(watch)]
    if item.is_superseded:
        return [kit.section(f"{title}\nYou were reminded of this again, below.")]
    leaders = watch.leaders if watch.is_off or watch.owner in watch.entry.told_at else ()
    concerned = (watch.owner, watch.colleagues.acting_for(watch.owner, watch.leaders, now), *leaders)
    if reader not in concerned:
        return [kit.section(f"{title}\n{kit.person(watch.owner)} takes care of this now.")]
    lines = [title, *([_part(watch, reader, now)] if reader != watch.owner else []), state(watch, now)]
    if watch.entry.pause:
        lines.append(f"{kit.person(watch.entry.pause.by)}: “{kit.escape(kit.clip(watch.entry.pause.reason, 300))}”")
    if watch.entry.snooze and watch.entry.snooze.until > now:
        lines.append(
            f":zzz: {kit.person(watch.entry.snooze.by)} snoozed it until {kit.moment(watch.entry.snooze.until)}."
        )
    lines += fade_plan(watch.handoff, watch.playbook) if watch.rule.by == "timing_model" else []
    lines += [f"_{kit.escape(watch.rule.why)}_"] if watch.rule.why else []
    if one := item.suggestion:
        lines.append(f":bulb: *{kit.escape(one.name)}*: {kit.escape(reason(one))}.")
    is_other = reader != watch.owner and not watch.colleagues.is_away(watch.owner, now)
    buttons = _for_leader(watch) if is_other else actions(watch, reader, item.suggestion)
    return [kit.section("\n".join(lines)), kit.actions(*buttons)]


def _survey(watch: Watch) -> list[Block]:
    """What else is asked of who has just said how the document was."""
    is_asked = watch.rule.ends_with is Fact.FEEDBACK_GIVEN and watch.entry.met_at and not watch.handoff.survey
    return [kit.actions(survey_button(watch.handoff))] if is_asked else []


def _part(watch: Watch, reader: str, now: datetime) -> str:
    """Why this comes to somebody else than its owner."""
    owner = kit.person(watch.owner)
    if watch.colleagues.has_left(watch.owner):
        return f"It was with {owner}, whose account is deactivated. Do it, or say whose it is now."
    if watch.colleagues.is_away(watch.owner, now):
        own = watch.colleagues.preferences(watch.owner)
        covers = reader == own.cover or reader not in watch.leaders
        return f"{owner} is away and you cover." if covers else f"{owner} is away, and nobody covers."
    heard = "has turned reminders off" if watch.is_off else "has been reminded"
    return f"{owner} owes this and {heard}. You hear of it once, as a leader."


def _for_leader(watch: Watch) -> list[kit.Element]:
    ref = Ref(handoff=watch.handoff.id, deadline=watch.rule.id).pack()
    return [
        kit.button("See the deadlines", Id.DEADLINES_OPEN, ref),
        kit.button("View document", Id.DOCUMENT_VIEW, ref),
        kit.button("Give it to somebody else", Id.REASSIGN_OPEN, ref),
    ]


def mine(watches: Sequence[Watch], me: str, now: datetime, total: int) -> list[Block]:
    """What `me` owes, the most urgent first."""
    settings = kit.context("`/handoff settings` says when and how Baton reminds you.")
    if not watches:
        return [kit.section("You owe nothing just now. :tada:"), settings]
    count = f"You owe {total} things, the most urgent first." if total > 1 else "You owe one thing."
    blocks = [kit.section(f"*{count}*"), *owed_blocks(watches[:MOST_ITEMS], me, now)]
    if total > MOST_ITEMS:
        blocks.append(kit.context(f"And {total - MOST_ITEMS} more, later than these."))
    return [*blocks, settings]


def owed_blocks(watches: Sequence[Watch], me: str, now: datetime) -> list[Block]:
    """Each of them, with what to press."""
    return [block for watch in watches for block in _drawn(Item(watch), me, now)]
