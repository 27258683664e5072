"""The six figures as people read them: each in a few short lines, with what it is of, before, and in twelve weeks."""

from datetime import timedelta
from math import ceil, copysign, floor

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import Block
from bot.metrics import By, Figure, Report, Slice, Summary, Undone, Verdict, figures
from bot.periods import Period
from bot.targets import Metric

MARKS = {
    Verdict.ON_TARGET: ":white_check_mark:",
    Verdict.OFF_TARGET: ":warning:",
    Verdict.NOT_ENOUGH: ":grey_question:",
}
_BARS = "▁▂▃▄▅▆▇█"
_NONE = "·"  # in a trend: a week without any
_OF = {
    Metric.DOCUMENT: "deals",
    Metric.MEETING: "deals",
    Metric.CONTACT: "customers",
    Metric.REPEAT: "handoffs",
    Metric.SATISFACTION: "answers",
    Metric.SMOOTH: "handoffs",
}
_LOWER_IS_BETTER = (Metric.CONTACT, Metric.REPEAT)
_WHY = {Undone.NOT_DUE: "not due yet", Undone.CANCELLED: "cancelled"}
SLICES = {By.AE: "AE", By.CSM: "CSM", By.TEAM: "team", By.SEGMENT: "segment", By.TIMING: "timing model"}


def figure_line(figure: Figure, report: Report) -> str:
    """One metric in two to five short lines of mrkdwn."""
    metrics = report.yardstick.metrics
    lines = [f"{MARKS[figure.verdict]} *{kit.escape(metrics.target(figure.metric).label)}*"]
    if figure.verdict is Verdict.NOT_ENOUGH:
        lines += [f"{_too_few(figure, report).capitalize()} · {_counted(figure)}"]
    else:
        said = f"*{value_words(figure, report)}* · target {_target(figure, report)}"
        is_long = figure.metric in (Metric.CONTACT, Metric.REPEAT)
        lines += [said, _counted(figure)] if is_long else [f"{said} · {_counted(figure)}"]
    lines += [change_words(figure, report), _left_out(figure), sparkline(figure.metric, report)]
    return "\n".join(filter(None, lines))


def figure_blocks(report: Report) -> list[Block]:
    """The six, each with a button that leads to what is behind it."""
    return [kit.section(figure_line(figure, report), _open(figure, report)) for figure in report.figures.values()]


def compact_blocks(report: Report) -> list[Block]:
    """The six in one or two lines each, every one with the button that leads to what is behind it."""
    return [kit.section(_compact(one, report), _open(one, report)) for one in report.figures.values()]


def heading(report: Report) -> str:
    """Of which days, of which deals and of how many the figures are."""
    closed = report.tally.closed
    whose = slice_words(report.of) if report.of else "all deals"
    return f"{report.period.title} · {whose} · {closed:,} deal{'s' * (closed != 1)} closed"


def metrics_blocks(report: Report) -> list[Block]:
    """All there is to tell of a stretch of time, and what can be done with it."""
    said = figure_blocks(report)
    if report.tally.is_empty:
        said = [kit.section("Nothing to tell: no deal was closed, nobody was introduced and nothing was completed.")]
    return [kit.context(heading(report)), *said, controls(about(report))]


def controls(of: Ref) -> Block:
    """Other figures, and the same as files."""
    value = of.pack()
    return kit.actions(
        kit.button("Other period or slice", Id.METRICS_CHOOSE, value),
        kit.button("Export handoffs (CSV)", Id.HANDOFFS_EXPORT, value),
        kit.button("Export figures (CSV)", Id.FIGURES_EXPORT, value),
    )


def late_blocks(period: Period, of: Slice | None, by: By | None) -> list[Block]:
    """What is said where they are too many to count while a person waits."""
    words = (
        "These figures did not come in the time that Slack gives. Take a shorter stretch, such as "
        "`/handoff metrics 30d`, or the file: it takes its time."
    )
    whose = slice_words(of) if of else "all deals"
    return [kit.context(f"{period.title} · {whose}"), kit.section(words), controls(ref_of(period, of, by))]


def brief(told: Summary) -> list[Block]:
    """The six in a line each, and the way to all there is to tell."""
    lines = "\n".join(_short(figure, told) for figure in told.figures.values())
    return [kit.section(lines), kit.actions(kit.button("All figures", Id.METRICS_OPEN, about(told).pack()))]


def about(told: Summary) -> Ref:
    """What the figures are of."""
    return ref_of(told.period, told.of)


def ref_of(period: Period, of: Slice | None, by: By | None = None) -> Ref:
    """What is asked for, so that a button leads to the same days whenever it is pressed."""
    return Ref(period=period.dates, by=of.by if of else "", key=of.key if of else "", choice=by or "")


def slice_words(of: Slice) -> str:
    """Of whom or of what the figures are, as mrkdwn."""
    who = kit.person(of.key) if of.by in (By.AE, By.CSM) else kit.escape(of.label or of.key)
    return f"{SLICES[of.by]} {who}"


def value_words(figure: Figure, report: Report) -> str:
    """What the figure comes to, with its unit."""
    if figure.metric is Metric.CONTACT:
        clock = " of working time" if report.yardstick.clock.is_working else ""
        return f"median {value_of(figure)}{clock}"
    return value_of(figure)


def change_words(figure: Figure, report: Report) -> str:
    """The change against the stretch before; "" where either has not enough."""
    before = report.before[figure.metric]
    if Verdict.NOT_ENOUGH in (figure.verdict, before.verdict) or figure.value is None or before.value is None:
        return ""
    digits, unit = _DIGITS.get(figure.metric, 0), _UNITS.get(figure.metric, "points")
    change = _half_up(figure.value - before.value, digits)
    is_share = figure.metric not in (Metric.CONTACT, Metric.SATISFACTION)
    then = f"was {value_of(before)}{' of' if is_share else ', n ='} {before.n:,}"
    if not change:
        return f"About as before · {then}"
    is_better = (change < 0) is (figure.metric in _LOWER_IS_BETTER)
    arrow, words = "▲" if change > 0 else "▼", "better" if is_better else "worse"
    one = unit.removesuffix("s") if abs(change) == 1 else unit
    return f"{arrow} {abs(change):.{digits}f} {one} {words} · {then}"


def trend(metric: Metric, report: Report) -> list[float | None]:
    """The figure in each of the twelve weeks, oldest first; of the first contact the percent in time. None: no data."""
    found = (figures(week, (), report.yardstick)[metric] for week in report.weeks)
    return [one.spread.share if one.spread else one.value for one in found]


def sparkline(metric: Metric, report: Report) -> str:
    """The twelve weeks as bars from the least to the most that the figure can be, which alone is a full one; "" where
    there is no data at all."""
    least, most = (1, 5) if metric is Metric.SATISFACTION else (0, 100)
    values = trend(metric, report)
    top = len(_BARS) - 1
    bars = (_NONE if one is None else _BARS[min(top, int((one - least) / (most - least) * top))] for one in values)
    return f"{''.join(bars)}  12 weeks" if any(one is not None for one in values) else ""


def wait_words(minutes: int | None, target: float) -> str:
    """A wait in hours, as the target is; it never looks as if it were the target."""
    if minutes is None:
        return "not contacted yet"
    return f"{_round(minutes / 60, 0, (target,))} h" if minutes >= 60 else kit.span(timedelta(minutes=minutes))


def unheard_words(figure: Figure) -> str:
    """Of how many the CSM has not said whether something was explained again, to stand behind their number."""
    return f", {figure.unheard:,} not answered yet" if figure.unheard else ""


def share_words(value: float, edge: float = 100) -> str:
    """A percentage that never looks as if it had reached `edge`, 0 or 100 when it has not."""
    return f"{_round(value, 0, (0, edge, 100))} %"


_DIGITS = {Metric.SATISFACTION: 1}
_UNITS = {Metric.CONTACT: "h"}


def _short(figure: Figure, told: Summary) -> str:
    label = kit.escape(told.yardstick.metrics.target(figure.metric).label)
    if figure.verdict is Verdict.NOT_ENOUGH:
        return f"{MARKS[figure.verdict]} {label}: {_too_few(figure, told)}"
    if figure.spread and figure.spread.share is not None:
        in_time = f"{share_words(figure.spread.share)} in time"
        return f"{MARKS[figure.verdict]} {label}: *{value_of(figure)}*, {in_time} (n = {figure.n:,})"
    return f"{MARKS[figure.verdict]} {label}: *{value_of(figure)}* (n = {figure.n:,}{unheard_words(figure)})"


def _too_few(figure: Figure, told: Summary) -> str:
    """Of what there is not enough: of the deals, or of the words of those who were asked."""
    if figure.n < (enough := told.yardstick.metrics.enough):
        return f"not enough data (n = {figure.n:,}; {enough} are needed)"
    return f"not enough answers: {figure.n - figure.unheard:,} of {figure.n:,} so far"


def _compact(figure: Figure, report: Report) -> str:
    if figure.verdict is Verdict.NOT_ENOUGH:
        return _short(figure, report)
    change = change_words(figure, report).partition(" · ")[0]
    return "\n".join(filter(None, [f"{_short(figure, report)} · target {_target(figure, report)}", change]))


def _open(figure: Figure, report: Report) -> kit.Element:
    of_closed = figure.metric in (Metric.DOCUMENT, Metric.MEETING, Metric.CONTACT)
    words = "See the deals" if of_closed else "See the handoffs"
    ref = about(report).model_copy(update={"metric": figure.metric.value})
    label = f"{words}: {report.yardstick.metrics.target(figure.metric).label}"
    return kit.button("See", Id.FIGURE_OPEN, ref.pack(), label=label)


def _counted(figure: Figure) -> str:
    """What the figure is of."""
    if figure.metric is Metric.SATISFACTION:
        return f"{figure.n:,} answer{'s' * (figure.n != 1)}"
    words = f"{figure.hits:,} of {figure.n:,} {_OF[figure.metric]}"
    if figure.metric is Metric.REPEAT:
        return f"{words} explained something again{unheard_words(figure)}" if figure.n else words
    if figure.spread is None or figure.spread.share is None:
        return words
    waiting = f", {figure.spread.waiting:,} still waiting" if figure.spread.waiting else ""
    nine = figure.spread.ninetieth
    ninetieth = "" if nine is None else f" · 9 of 10 within {wait_words(nine, figure.target)}"
    if figure.verdict is Verdict.NOT_ENOUGH:
        return f"{words} in time{waiting}"
    return f"{words} in time ({share_words(figure.spread.share)}){waiting}{ninetieth}"


def _left_out(figure: Figure) -> str:
    left_out = ", ".join(f"{count:,} {_WHY[why]}" for why, count in figure.left_out.items())
    parts = [f"Left out: {left_out}"] if left_out else []
    parts += [f"{figure.without_handoff:,} without a handoff, counted as not done"] if figure.without_handoff else []
    return " · ".join(parts)


def value_of(figure: Figure) -> str:
    """The figure's value; of the first contact the median."""
    if figure.metric is Metric.CONTACT:
        return wait_words(figure.spread.median if figure.spread else None, figure.target)
    if figure.value is None:
        return "no data"
    if figure.metric is Metric.SATISFACTION:
        return f"{_round(figure.value, 1, (figure.target,))} of 5"
    return share_words(figure.value, figure.target)


def _target(figure: Figure, report: Report) -> str:
    target = f"{figure.target:g}"
    match figure.metric:
        case Metric.CONTACT:
            share = report.yardstick.metrics.target(Metric.CONTACT).share
            return f"under {target} h for {share:g} %"
        case Metric.SATISFACTION:
            return f"over {target}" if figure.target < Metric.SATISFACTION.most else target
        case Metric.SMOOTH if figure.target < Metric.SMOOTH.most:
            return f"over {target} %"
        case Metric.REPEAT if figure.target:
            return f"at most {target} %"
    return f"{target} %"


def _half_up(value: float, digits: int) -> float:
    scale = 10**digits
    return copysign(floor(round(abs(value) * scale, 9) + 0.5) / scale, value)


def _round(value: float, digits: int, edges: tuple[float, ...]) -> str:
    """Rounded, but never onto an edge that the value has not reached: 99.7 stays under 100."""
    rounded = _half_up(value, digits)
    if rounded == value or rounded not in edges:
        return f"{rounded:,.{digits}f}"
    scale = 10 ** (digits + 1)
    near = floor(value * scale) if value < rounded else ceil(value * scale)
    return f"{near / scale:,.{digits + 1}f}"
