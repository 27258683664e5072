"""Promises: the list of a customer, one of them whole, the forms that carry it on, and the lists across customers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from blocks import kit
from blocks.escalations import did
from blocks.ids import Id, Ref
from blocks.kit import Block, Element, View
from bot import escalations
from bot.escalations import WORDS
from bot.handoffs import Handoff, Stage
from bot.nudges import Watch
from bot.permissions import Act
from bot.promises import Commitment, ledger, out_of_scope, owner_of
from bot.records import PromiseStatus, Verdict
from bot.timing import Fact

_STATUS = {
    PromiseStatus.OPEN: ":white_circle: Open",
    PromiseStatus.AT_RISK: ":warning: At risk",
    PromiseStatus.KEPT: ":white_check_mark: Kept",
    PromiseStatus.RENEGOTIATED: ":arrows_counterclockwise: Renegotiated",
    PromiseStatus.BROKEN: ":x: Broken",
}
VERDICTS = {
    Verdict.FINE: ("Fine", "We can do this as it was promised"),
    Verdict.AT_RISK: ("At risk", "We may not be able to, or not in time"),
    Verdict.IMPOSSIBLE: ("Cannot be done", "Both leaders are asked to decide"),
}
ENDINGS = {
    PromiseStatus.KEPT: ("Kept", "The customer has what was promised"),
    PromiseStatus.RENEGOTIATED: ("Renegotiated", "The customer agreed to something else"),
    PromiseStatus.BROKEN: ("Broken", "The customer does not get it"),
}
_FACTS = {"kind": "Kind", "said_by": "Said by", "to": "To whom", "source": "Source"}
_SHORT, _LONG = 160, 700
MOST = 20  # in a list across customers

Clocks = Mapping[str, Watch]  # by the row of the promise


def clocks_of(watches: Sequence[Watch]) -> Clocks:
    """The deadlines of the promises."""
    return {watch.rule.item: watch for watch in watches if watch.rule.starts is Fact.PROMISED}


def is_late(one: Commitment, clocks: Clocks, now: datetime) -> bool:
    """Whether it is open after its day (before the acceptance: by the date alone)."""
    watch = clocks.get(one.id)
    due = watch.due(now) if watch else None
    passed = now >= due if due else one.due is not None and one.due < now.date()
    return one.is_open and passed


def card_line(handoff: Handoff, watches: Sequence[Watch], now: datetime | None) -> list[str]:
    """How many are open, at risk and late."""
    waiting = [one for one in ledger(handoff) if one.is_open]
    if not waiting or handoff.stage is Stage.CANCELLED:
        return []
    clocks = clocks_of(watches)
    late = sum(is_late(one, clocks, now) for one in waiting) if now else 0
    risky = sum(one.promise.status is PromiseStatus.AT_RISK for one in waiting)
    undated = sum(one.due is None for one in waiting)
    counts = ((risky, "at risk"), (undated, "without a date"), (late, "*overdue*"))
    parts = [f"{len(waiting)} open", *(f"{count} {words}" for count, words in counts if count)]
    return [f":handshake: *Promises:* {' · '.join(parts)}"]


def undated_line(handoff: Handoff) -> list[str]:
    """To who takes the customer over: which promises nobody has dated."""
    undated = [kit.escape(kit.clip(one.words, _SHORT)) for one in ledger(handoff) if one.is_open and one.due is None]
    if not undated:
        return []
    these = "\n".join(f"• {words}" for words in undated[:5])
    return [f":handshake: *Promised without a date:* Baton asks for one within a week.\n{these}"]


# -- a customer's


def promises_view(handoff: Handoff, watches: Sequence[Watch], now: datetime) -> View:
    """Every commitment with how it stands, what is open first; beside them what was out of scope."""
    known, clocks = ledger(handoff), clocks_of(watches)
    waiting = sum(one.is_open for one in known)
    counts = f"{waiting} open, {len(known) - waiting} closed" if known else "Nothing was promised, says the document"
    blocks: list[Block] = [kit.context(f"{kit.escape(handoff.customer)} · {counts}")]
    for one in sorted(known, key=lambda one: (not one.is_open, one.due or date.max)):
        button = kit.button("Details", Id.PROMISE_OPEN, _ref(handoff, one).pack(), label=f"Details: {one.words}")
        blocks.append(kit.section(_in_brief(one, handoff, clocks, now), button))
    blocks += _scope(handoff)
    here = Ref(handoff=handoff.id, below=Id.PROMISES_OPEN)
    return kit.modal("Promises", blocks, metadata=here.pack())


def _in_brief(one: Commitment, handoff: Handoff, clocks: Clocks, now: datetime) -> str:
    facts = [_STATUS[one.promise.status], _due(one, clocks, now), kit.person(owner_of(one.promise, handoff))]
    if one.is_open:
        facts.append(VERDICTS[one.promise.verdict][0].lower() if one.promise.verdict else "no verdict yet")
    known = escalations.about(handoff, one.id)
    facts += ["with the leaders"] if known and known.is_open else []
    return f"*{kit.in_brief(one.words, _SHORT)}*\n{' · '.join(facts)}"


def _due(one: Commitment, clocks: Clocks, now: datetime) -> str:
    when = f"due {kit.day(one.due)}" if one.due else "no date"
    return f"*overdue*: {when}" if is_late(one, clocks, now) else when


def _scope(handoff: Handoff) -> list[Block]:
    items = [kit.clip(" ".join(item.split()), 90) for item in out_of_scope(handoff)]
    if not items:
        return []
    said = [kit.strong("Explicitly out of scope"), kit.said("".join(f"\n• {item}" for item in items))]
    return [kit.divider(), kit.rich(said)]


# -- one of them


def promise_view(
    handoff: Handoff, one: Commitment, watches: Sequence[Watch], now: datetime, may: frozenset[Act], under: Ref
) -> View:
    """One commitment whole, with what the reader may do about it. `under`: the view below, if there is one."""
    clocks = clocks_of(watches)
    blocks: list[Block] = [
        kit.context(kit.escape(handoff.customer)),
        kit.rich([kit.said(one.words[: kit.MAX_TEXT])]),
        kit.section(f"{_in_brief_facts(one, handoff, clocks, now)}"),
        *_source(one),
        *_told(one, handoff),
        *_scope(handoff),
    ]
    if handoff.stage is not Stage.CANCELLED and (buttons := list(_buttons(one, handoff, may))):
        blocks.append(kit.actions(*buttons))
    ref = under.model_copy(update={"handoff": handoff.id, "row": one.id})
    return kit.modal("Promise", blocks, metadata=ref.pack())


def _in_brief_facts(one: Commitment, handoff: Handoff, clocks: Clocks, now: datetime) -> str:
    owner = f"seen to by {kit.person(owner_of(one.promise, handoff))}"
    return " · ".join((_STATUS[one.promise.status], _due(one, clocks, now), owner))


def _source(one: Commitment) -> list[Block]:
    parts: list[Element] = []
    for name, label in _FACTS.items():
        if said := one.row.get(name):
            parts += [kit.strong(f"{label}: "), kit.said(f"{kit.clip(said, _LONG)}\n")]
    return [kit.rich(parts)] if parts else []


def _told(one: Commitment, handoff: Handoff) -> Iterator[Block]:
    """The verdict, the leaders' decision and the end, each with its words."""
    promise = one.promise
    if promise.verdict:
        changed = ", before the words were changed" if promise.judged != one.words else ""
        verdict = f"{VERDICTS[promise.verdict][0]}{changed}"
        yield _said("Verdict", promise.verdict_by, verdict, promise.verdict_words)
    else:
        yield kit.context("Nobody has said yet whether this can be done: the CSM or the SE does.")
    if known := escalations.about(handoff, one.id):
        if known.is_open:
            yield kit.context(f":rotating_light: It is with the leaders since {kit.moment(known.at)}.")
        else:
            yield _said("Decided", known.closed_by, did(known.decision), known.outcome)
    if promise.ended:
        yield _said("Closed", promise.ended_by, ENDINGS[promise.ended][0], promise.ended_words)


def _said(what: str, by: str, how: str, words: str) -> Block:
    rest = ". ".join(part for part in (how, words) if part)
    return kit.rich([kit.strong(f"{what} · "), kit.mention(by), kit.said(f": {rest}")])


def _buttons(one: Commitment, handoff: Handoff, may: frozenset[Act]) -> Iterator[Element]:
    ref = _ref(handoff, one).pack()
    if not one.is_open:
        needed = Act.DECIDE if escalations.is_withdrawn(handoff, one.id) else Act.KEEP
        yield from [kit.button("Open it again", Id.PROMISE_REOPEN, ref)] if needed in may else []
        return
    known = escalations.about(handoff, one.id)
    if known and known.is_open and Act.DECIDE in may:
        here = _ref(handoff, one).model_copy(update={"escalation": known.id})
        yield kit.button("Decide", Id.DECIDE_OPEN, here.pack(), kit.Style.PRIMARY)
    if Act.JUDGE in may:
        yield kit.button("Give a verdict", Id.VERDICT_OPEN, ref, *([] if one.promise.verdict else [kit.Style.PRIMARY]))
    if Act.KEEP in may:
        yield from keep_buttons(handoff, one.id)
        yield kit.button("Owner and date", Id.PROMISE_EDIT, ref)


def keep_buttons(handoff: Handoff, row: str) -> list[Element]:
    """It is kept; or it ended otherwise."""
    ref = Ref(handoff=handoff.id, row=row).pack()
    return [kit.button("Kept", Id.PROMISE_KEPT, ref), kit.button("Close otherwise", Id.PROMISE_END_OPEN, ref)]


def open_button(handoff: Handoff, row: str) -> Element:
    """See it whole."""
    return kit.button("Open the promise", Id.PROMISE_OPEN, Ref(handoff=handoff.id, row=row).pack())


def _ref(handoff: Handoff, one: Commitment) -> Ref:
    return Ref(handoff=handoff.id, row=one.id)


# -- forms


def _quoted(one: Commitment) -> Block:
    return kit.rich([kit.said(kit.clip(one.words, _LONG))])


def verdict_view(handoff: Handoff, one: Commitment, ref: Ref) -> View:
    """Can it be done?"""
    options = [kit.option(text, verdict.value, more) for verdict, (text, more) in VERDICTS.items()]
    words = kit.text_input(one.promise.verdict_words, multiline=True, max_length=WORDS.max_length)
    blocks = [
        _quoted(one),
        *_scope(handoff),
        kit.field_input("verdict", "Can it be done?", kit.radio(options, one.promise.verdict or ""), optional=False),
        kit.field_input("words", "In your words", words, hint="Needed unless it is fine: what stands in the way?"),
    ]
    return kit.modal("Verdict", blocks, callback_id=Id.VERDICT_SAVE, submit="Save", close="Cancel", metadata=ref.pack())


def close_view(one: Commitment, ref: Ref) -> View:
    """How did it end?"""
    options = [kit.option(text, status.value, more) for status, (text, more) in ENDINGS.items()]
    words = kit.text_input(multiline=True, max_length=WORDS.max_length)
    hint = "What was agreed instead, or what happened and what the customer was told"
    blocks = [
        _quoted(one),
        kit.field_input("status", "How did it end?", kit.radio(options), optional=False),
        kit.field_input("words", "In your words", words, hint=hint),
        kit.field_input(
            "due",
            "If renegotiated: the new date",
            kit.date_input(),
            hint="With a date, Baton keeps your words as a commitment of their own",
        ),
    ]
    title = "Close the promise"
    return kit.modal(
        title, blocks, callback_id=Id.PROMISE_END_SAVE, submit="Close it", close="Cancel", metadata=ref.pack()
    )


def change_view(handoff: Handoff, one: Commitment, ref: Ref) -> View:
    """Who sees to it, and until when?"""
    owner = kit.person_select(owner_of(one.promise, handoff))
    blocks = [
        _quoted(one),
        kit.field_input("owner", "Who sees to it", owner, hint="Empty: the CSM"),
        kit.field_input("due", "Due date", kit.date_input(one.due.isoformat() if one.due else "")),
    ]
    return kit.modal(
        "Owner and date", blocks, callback_id=Id.PROMISE_SAVE, submit="Save", close="Cancel", metadata=ref.pack()
    )


# -- messages


def promise(handoff: Handoff, one: Commitment | None, reader: str) -> list[Block]:
    """To `reader`, who was named to see to it. Redrawn when it is over, or another's."""
    customer = kit.escape(handoff.customer)
    if one is None or not one.is_open:
        how = ENDINGS[one.promise.ended][0].lower() if one and one.promise.ended else "not in the document any more"
        return [kit.section(f"The promise to *{customer}* that you were to see to is {how}.")]
    if owner_of(one.promise, handoff) != reader:
        owner = kit.person(owner_of(one.promise, handoff))
        return [kit.section(f"{owner} sees to this promise to *{customer}* now."), _quoted(one)]
    due = f" It is due {kit.day(one.due)}." if one.due else " It has no date yet."
    lead = f"You see to this promise to *{customer}*.{due}"
    return [kit.section(lead), _quoted(one), kit.actions(*keep_buttons(handoff, one.id), open_button(handoff, one.id))]


def commitment_line(watch: Watch, one: Commitment, now: datetime) -> str:
    """One of them among those of other customers."""
    return f"*{kit.escape(watch.handoff.customer)}*: {_in_brief(one, watch.handoff, {one.id: watch}, now)}"


def promises_blocks(
    rows: Sequence[tuple[Watch, Commitment]], now: datetime, total: int, *, overdue: bool
) -> list[Block]:
    """Promises across customers, the most urgent first: those that are overdue, or those of the reader."""
    if not rows:
        words = "No promise is overdue. :tada:" if overdue else "You see to no promise just now."
        return [kit.section(words)]
    many = f"{total} promise{'s are' if total > 1 else ' is'}"
    blocks = [kit.section(f"*{many} {'overdue' if overdue else 'yours to see to'}, the most urgent first.*")]
    for watch, one in rows[:MOST]:
        button = kit.button("Details", Id.PROMISE_OPEN, _ref(watch.handoff, one).pack(), label=f"Details: {one.words}")
        blocks.append(kit.section(commitment_line(watch, one, now), button))
    if total > len(rows[:MOST]):
        blocks.append(kit.context(f"And {total - len(rows[:MOST])} more, later than these."))
    return blocks
