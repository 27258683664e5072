"""The parts of the tabs of the App Home: what is to be done, my handoffs, the team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from blocks import kit
from blocks.cards import money, move_button, stage_words
from blocks.deadlines import clock_lines
from blocks.finding import Sight, summary
from blocks.homes import Standing, home_of
from blocks.ids import Id, Ref
from blocks.kit import Block, Style
from blocks.metrics import brief
from blocks.nudges import MORE, owed_blocks
from blocks.pages import pager
from blocks.promises import commitment_line, keep_buttons, open_button
from blocks.questions import asked_line
from blocks.setups import unsettled
from bot.assignments import Load
from bot.handoffs import Stage
from bot.homes import Tab, next_move
from bot.metrics import Summary
from bot.nudges import NEVER, Watch
from bot.playbook import label_of
from bot.promises import Commitment
from bot.steps import Move

PER_PAGE = 10
FEW = 5  # of what is to be done, in each part
ALL = "all"  # chosen in the place of a stage
UNASSIGNED, SLIPPING = "unassigned", "slipping"  # chosen on the team's tab: one of its lists, whole
MOST_WORDS = 60  # letters of a customer's name that is looked for
_MOST_CLOCKS = 3  # of one handoff that slips
_MOST_LOADS = 25


@dataclass(frozen=True)
class Part:
    """The first of some handoffs, or a page of them, and how many there are."""

    rows: Sequence[Sight]
    total: int
    page: int = 0


@dataclass(frozen=True)
class Listing:
    """A page of somebody's handoffs, and how many there are of each stage."""

    part: Part
    counts: Mapping[Stage, int]

    @property
    def going_on(self) -> int:
        """How many are neither completed nor cancelled."""
        return sum(count for stage, count in self.counts.items() if stage not in (Stage.COMPLETED, Stage.CANCELLED))


@dataclass(frozen=True)
class Owed:
    """The first things that somebody owes, and how many there are."""

    watches: Sequence[Watch]
    total: int


# -- what is to be done


def due_blocks(title: str, owed: Owed, standing: Standing) -> list[Block]:
    """What I owe, the most urgent first."""
    if not owed.total:
        return []
    drawn = owed_blocks(owed.watches, standing.me, standing.now)
    return [kit.divider(), kit.section(f"*{title}: {owed.total}*"), *drawn, *_more(owed.total, len(owed.watches), MORE)]


def asked_blocks(asked: Owed, now: datetime) -> list[Block]:
    """The questions that wait for an answer of mine."""
    if not asked.total:
        return []
    count = f"{asked.total} answers are" if asked.total > 1 else "One answer is"
    blocks: list[Block] = [kit.divider(), kit.section(f"*{count} waited for*")]
    for watch in asked.watches:
        ref = Ref(handoff=watch.handoff.id, question=int(watch.rule.item))
        answer = kit.button("Answer", Id.ANSWER_OPEN, ref.pack(), Style.PRIMARY)
        blocks.append(kit.section(asked_line(watch, now), answer))
    return [*blocks, *_more(asked.total, len(asked.watches), MORE)]


def promise_blocks(due: Sequence[tuple[Watch, Commitment]], total: int, now: datetime) -> list[Block]:
    """The promises that are due within some days, or were."""
    if not total:
        return []
    blocks: list[Block] = [kit.divider(), kit.section(f"*Promises due: {total}*")]
    for watch, one in due:
        buttons = (*keep_buttons(watch.handoff, one.id), open_button(watch.handoff, one.id))
        blocks += [kit.section(commitment_line(watch, one, now)), kit.actions(*buttons)]
    return [*blocks, *_more(total, len(due), "`/handoff promises mine` shows all of yours.")]


def review_blocks(part: Part) -> list[Block]:
    """The documents that wait for my review."""
    blocks = _titled("To review", part)
    for row in part.rows:
        moves = (Move.VIEW, Move.ACCEPT, Move.SEND_BACK)
        blocks += [kit.section(summary(row)), kit.actions(*(move_button(move, row.handoff) for move in moves))]
    return [*blocks, *_more(part.total, len(part.rows), "They are below, In review.")]


def prepare_blocks(part: Part) -> list[Block]:
    """The customers who do not know me yet."""
    rows = [kit.section(summary(row), move_button(Move.MEETINGS, row.handoff)) for row in part.rows]
    return [
        *_titled("To prepare before the introduction", part),
        *rows,
        *_more(part.total, len(rows), "They are below."),
    ]


# -- my handoffs


def beginning(*, is_guest: bool) -> list[Block]:
    """To who has nothing here yet."""
    if is_guest:
        return [kit.section("You are a guest in this workspace, and no handoff is yours. Baton is for its members.")]
    words = (
        "You have no handoffs yet. One that names you, as AE, CSM or solutions engineer, stands here. When a deal of "
        "yours will probably close, start one: Baton makes its channel."
    )
    return [kit.section(words), kit.actions(kit.button("Start a handoff", Id.START_OPEN, style=Style.PRIMARY))]


def headline(listing: Listing) -> Block:
    """How much goes on, and how to begin another."""
    words = f"*{listing.going_on} handoff{'s' if listing.going_on != 1 else ''} going on*"
    return kit.section(words, kit.button("Start a handoff", Id.START_OPEN))


def settled() -> list[Block]:
    """To who has nothing to do."""
    return [kit.divider(), kit.section("You owe nothing just now. :tada:")]


def list_blocks(title: str, listing: Listing, standing: Standing) -> list[Block]:
    """A page of my handoffs, with a filter once there are more than fit on one."""
    part, ref = listing.part, standing.ref
    is_asked = bool(ref.choice or ref.seen)
    found = f": {part.total:,} fit “{kit.escape(ref.seen)}”" if ref.seen else ""
    blocks: list[Block] = [kit.divider(), kit.section(f"*{title}{found}*")]
    if is_asked or sum(listing.counts.values()) > PER_PAGE:
        blocks += _filter(listing, standing)
    if not part.rows:
        words = "No handoff fits." if is_asked else "None of them goes on just now."
        blocks.append(kit.section(words))
    for row in part.rows:
        move = next_move(row.handoff, row.playbook, standing.me)
        blocks.append(kit.section(summary(row), move_button(move, row.handoff)))
    return [*blocks, *_pages(part, ref, ", the newest first")]


def _pages(part: Part, ref: Ref, order: str = "") -> list[Block]:
    """Which of them stand here, and the way to the others."""
    if part.total <= PER_PAGE:
        return []
    first = part.page * PER_PAGE + 1
    shown = kit.context(f"{first}–{first + len(part.rows) - 1} of {part.total}{order}.")
    here = ref.model_copy(update={"page": part.page})
    return [shown, *pager(here, more=(part.page + 1) * PER_PAGE < part.total)]


def _filter(listing: Listing, standing: Standing) -> list[Block]:
    ref, counts = standing.ref, listing.counts
    going_on = kit.option(f"Going on ({listing.going_on})", Ref(choice="").pack())
    stages = [
        kit.option(f"{stage.label} ({counts[stage]})", Ref(choice=stage).pack()) for stage in Stage if stage in counts
    ]
    everything = kit.option(f"All ({sum(counts.values())})", Ref(choice=ALL).pack())
    options = [going_on, *stages, everything]
    chosen = Ref(choice=ref.choice).pack()
    stage = kit.select(options, chosen if any(one["value"] == chosen for one in options) else "", placeholder="Stage")
    clear = kit.button("Show what goes on", home_of(standing.tab).below, home_of(standing.tab).pack())
    find = kit.text_input(ref.seen, max_length=MOST_WORDS) | {
        "action_id": Id.HOME_FIND,
        "placeholder": kit.plain("A part of the name, then Enter"),
    }
    return [
        {
            "type": "input",
            "block_id": f"find~{ref.seen}",  # another one when it is cleared: Slack keeps what was typed in the same
            "dispatch_action": True,
            "optional": True,
            "label": kit.plain("Find a customer"),
            "element": find,
        },
        kit.actions(stage | {"action_id": Id.HOME_FILTER}, *([clear] if ref.choice or ref.seen else [])),
    ]


# -- the team


def unassigned_blocks(part: Part, ref: Ref) -> list[Block]:
    """What has no CSM: the first of them, or a page of them all."""
    if not part.total:
        return [*_back(UNASSIGNED, ref), kit.section("*Every handoff has its CSM.*")]
    blocks = [*_back(UNASSIGNED, ref), kit.section(f"*Unassigned: {part.total}*, the most urgent first")]
    blocks += [kit.section(_unassigned(row), move_button(Move.ASSIGN, row.handoff)) for row in part.rows]
    return [*blocks, *_whole(UNASSIGNED, part, ref)]


def _unassigned(row: Sight) -> str:
    """What a leader looks at to choose: whose deal it is, how large, and when it closes."""
    handoff, when = row.handoff, "no expected close"
    if handoff.signed_at:
        when = f"signed {kit.day(handoff.signed_at)}"
    elif handoff.expected_close:
        when = f"expected to close {kit.day(handoff.expected_close)}"
    segment = label_of(row.playbook.segments, handoff.segment)
    return f"{_title(row)}\nAE {kit.person(handoff.ae)} · {kit.escape(f'{segment} · {money(handoff)}')} · {when}"


def _title(row: Sight) -> str:
    handoff = row.handoff
    channel = f" · <#{handoff.channel_id}>" if handoff.channel_id else ""
    return f"*{kit.escape(handoff.customer)}* · {stage_words(handoff)}{channel}"


def slipping_blocks(part: Part, ref: Ref) -> list[Block]:
    """What is overdue, by handoff, with who owes it: the first of it, or a page of it all."""
    if not part.total:
        return [*_back(SLIPPING, ref), kit.divider(), kit.section("*Nothing is overdue.*")]
    blocks = [
        *_back(SLIPPING, ref),
        kit.divider(),
        kit.section(f"*Slipping: {part.total} handoff{'s' if part.total > 1 else ''}*, the longest overdue first"),
    ]
    for row in part.rows:
        watches = sorted(filter(partial(_is_late, now=row.now), row.watches), key=lambda one: one.due(row.now) or NEVER)
        late = [line for watch in watches for line in clock_lines(watch, row.now)]
        more = [f"and {len(late) - _MOST_CLOCKS} more"] if len(late) > _MOST_CLOCKS else []
        words = "\n".join([_title(row), *late[:_MOST_CLOCKS], *more])
        blocks.append(kit.section(words, move_button(Move.WHY, row.handoff)))
    return [*blocks, *_whole(SLIPPING, part, ref)]


def _whole(name: str, part: Part, ref: Ref) -> list[Block]:
    """The way from the first few to all of them, through their pages and back."""
    if ref.choice == name:
        return [*_pages(part, ref), *_back(name, ref)]
    if part.total <= len(part.rows):
        return []
    return [kit.actions(kit.button(f"All {part.total}", Id.HOME_TEAM, home_of(Tab.TEAM, choice=name).pack()))]


def _back(name: str, ref: Ref) -> list[Block]:
    """The way from a whole list to the few of everything."""
    back = kit.button("Back to the team", Id.HOME_TEAM, home_of(Tab.TEAM).pack())
    return [kit.actions(back)] if ref.choice == name else []


def _is_late(watch: Watch, now: datetime) -> bool:
    due = watch.due(now)
    return watch.is_owed and due is not None and (due <= now or watch.entry.pause is not None)


def load_blocks(
    loads: Sequence[tuple[str, Load]], overdue: Mapping[str, int], away: Sequence[str], *, may_settle: bool
) -> list[Block]:
    """What each CSM has on the desk, the most first."""
    if not loads:
        return [kit.divider(), unsettled("*Load per CSM:* no CSMs are named yet.", may_settle=may_settle)]
    lines = ["*Load per CSM*, by the weights with which Baton suggests one"]
    for csm, load in loads[:_MOST_LOADS]:
        parts = [f"{kit.person(csm)}: load {load.weight:g}", f"{load.count} open"]
        parts += [f"*{overdue[csm]} overdue*"] if csm in overdue else []
        parts += ["away"] if csm in away else []
        lines.append(f"• {' · '.join(parts)}")
    more = _more(len(loads), min(len(loads), _MOST_LOADS), "They have less than these.")
    return [kit.divider(), kit.section("\n".join(lines)), *more]


def figures_blocks(report: Summary) -> list[Block]:
    """The six metrics of late."""
    return [kit.divider(), kit.section(f"*The last 30 days*, {report.period.title}"), *brief(report)]


def _titled(title: str, part: Part) -> list[Block]:
    return [kit.divider(), kit.section(f"*{title}: {part.total}*")] if part.total else []


def _more(total: int, shown: int, words: str) -> list[Block]:
    return [kit.context(f"And {total - shown} more. {words}")] if total > shown else []
