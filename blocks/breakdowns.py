"""The six figures side by side for each AE, CSM, team, segment or timing model; and the form that asks for others."""

from collections.abc import Mapping, Sequence

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from blocks.metrics import MARKS, SLICES, controls, ref_of, share_words, slice_words, unheard_words, value_of
from bot.metrics import By, Figure, Slice, Verdict
from bot.periods import EXAMPLES, Period
from bot.refusals import either
from bot.slices import PEOPLE
from bot.targets import Metric

EVERYTHING = "all"
MOST = 40  # rows; Slack takes 50 blocks
_USUAL = {
    "30d": "The last 30 days",
    "week": "Last week",
    "this month": "This month until now",
    "month": "Last month",
    "this quarter": "This quarter until now",
    "quarter": "Last quarter",
    "this year": "This year until now",
    "year": "Last year",
}
_SHORT = {
    Metric.DOCUMENT: "Document",
    Metric.MEETING: "Meeting",
    Metric.CONTACT: "First contact",
    Metric.REPEAT: "Repeat rate",
    Metric.SATISFACTION: "Satisfaction",
    Metric.SMOOTH: "Smooth",
}
Row = tuple[Slice, int, Mapping[Metric, Figure]]  # whose, deals closed, the six


def breakdown_blocks(period: Period, of: Slice | None, by: By, rows: Sequence[Row]) -> list[Block]:
    """A row for each, in the order given."""
    whose = f" · {slice_words(of)}" if of else ""
    blocks = [kit.context(f"{period.title}{whose} · by {SLICES[by]}")]
    if not rows:
        blocks.append(kit.section("There is nothing to tell of these days."))
    for one, closed, figures in rows[:MOST]:
        said = [(_SHORT[metric], _cell(figure)) for metric, figure in figures.items()]
        name = slice_words(one) if one.key else f"No {SLICES[by]} named"
        blocks.append(kit.section(f"*{name}* · {closed:,} closed") | {"fields": kit.facts(said)["fields"]})
    if len(rows) > MOST:
        blocks.append(kit.context(f"And {len(rows) - MOST:,} more: they are in the export of figures."))
    return [*blocks, controls(ref_of(period, of, by))]


def choose_view(
    named: Mapping[By, Mapping[str, str]], *, may_see_people: bool, ref: Ref, over_figures: bool = False
) -> View:
    """Other figures: of which days, and of what; with the way back where it stands in the place of figures."""
    shown = [kit.option("The days shown now", ref.period)] if ref.period else []
    periods = [*shown, *(kit.option(words, typed) for typed, words in _USUAL.items())]
    slices = [
        kit.option(f"{SLICES[by].capitalize()}: {name}", f"{by}:{key}")
        for by, known in named.items()
        for key, name in known.items()
    ]
    all_ = [kit.option("All deals", EVERYTHING), kit.option("Mine as AE", "ae:me"), kit.option("Mine as CSM", "csm:me")]
    of = f"{ref.by}:{ref.key}"
    offered = [*all_, *slices][:100]
    chosen = of if any(one["value"] == of for one in offered) else EVERYTHING
    blocks = [
        kit.field_input("period", "Period", kit.select(periods, ref.period or "30d"), optional=False),
        kit.field_input(
            "other",
            "Or another period",
            kit.text_input(max_length=40),
            hint=f"Such as {either(EXAMPLES)}.",
        ),
        kit.field_input("slice", "Deals", kit.select(offered, chosen), optional=False),
    ]
    if may_see_people:
        for by in PEOPLE:
            whose = ref.key if ref.by == by else None
            blocks.append(kit.field_input(by.value, f"Or those of one {SLICES[by]}", kit.person_select(whose)))
    if over_figures:
        blocks.append(kit.actions(kit.button("Back to the figures", Id.METRICS_OPEN, ref.pack())))
    return kit.modal("Other figures", blocks, callback_id=Id.METRICS_SHOW, submit="Show", metadata=ref.pack())


def _cell(figure: Figure) -> str:
    mark, count = MARKS[figure.verdict], f"n = {figure.n:,}{unheard_words(figure)}"
    if figure.verdict is Verdict.NOT_ENOUGH:
        return f"{mark} {count}"
    if figure.spread and figure.spread.share is not None:
        return f"{mark} {value_of(figure)} · {share_words(figure.spread.share)} in time ({count})"
    return f"{mark} {value_of(figure)} ({count})"
