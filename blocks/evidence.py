"""What is behind a figure: its definition, and the deals that it counts, the ones that hurt first."""

from collections.abc import Mapping
from datetime import timedelta

from blocks import kit
from blocks.definitions import definition
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from blocks.metrics import about, figure_line, heading, share_words, wait_words
from blocks.pages import pager
from bot.evidence import Deal, Evidence, Group
from bot.metrics import Report, Spread, segment_of
from bot.targets import Metric
from bot.yardsticks import Clock

_GROUPS = {
    Metric.DOCUMENT: ("No complete document", "Document complete"),
    Metric.MEETING: ("No internal meeting held", "Internal meeting held"),
    Metric.CONTACT: ("Late, or not contacted", "Contacted in time"),
    Metric.REPEAT: ("Explained something again", "Nothing explained again, as far as is known"),
    Metric.SATISFACTION: ("Not on target", "On target"),
    Metric.SMOOTH: ("Escalated", "Without an escalation"),
}
_CLOCKS = {
    Clock.WALL: "Wall clock",
    Clock.WALL_UNPAUSED: "Wall clock, without pauses",
    Clock.WORKING: "Working time",
    Clock.WORKING_UNPAUSED: "Working time, without pauses",
}
_NAME = 200


def evidence_view(report: Report, metric: Metric, found: Evidence, sections: Mapping[str, str]) -> View:
    """A page of the list behind a figure; `sections`: id -> label."""
    figure = report.figures[metric]
    here = about(report).model_copy(update={"metric": metric.value, "page": found.page, "below": Id.FIGURE_OPEN.value})
    total = sum(found.totals.values())
    blocks: list[Block] = [kit.context(heading(report)), kit.section(figure_line(figure, report))]
    if not found.page:
        blocks += [kit.context(definition(metric, report)), *_details(report, metric, sections)]
    blocks += _rows(report, metric, found, sections)
    if found.hidden:
        blocks.append(
            kit.context(
                f"And {found.hidden:,} that {'is' if found.hidden == 1 else 'are'} not yours to read: the CSMs and the "
                "leaders may read every handoff, and each AE their own."
            )
        )
    if not total:
        blocks.append(kit.section("There is nothing behind it in these days."))
    back = kit.button("All figures", Id.METRICS_OPEN, about(report).pack())
    return kit.modal(
        "Behind the figure", [*blocks, *pager(here, more=found.more), kit.actions(back)], metadata=here.pack()
    )


def _details(report: Report, metric: Metric, sections: Mapping[str, str]) -> list[Block]:
    """What stands only in the metric's own view."""
    if metric is Metric.CONTACT:
        return [_clocks(report)]
    counts = report.figures[metric].sections
    if not counts:
        return []
    often = sorted(counts.items(), key=lambda one: -one[1])
    lines = "\n".join(f"• {kit.escape(sections.get(one, one))}: {count:,}" for one, count in often)
    return [kit.section(f"*Handoffs in which a section was explained again*\n{lines}")]


def _clocks(report: Report) -> Block:
    """The wait for the first contact by each of the four clocks."""
    limits = {clock: report.yardstick.limit(clock, segment_of(report.of)) / 60 for clock in _CLOCKS}
    return kit.facts((words, _spread(report.waits[clock], limits[clock])) for clock, words in _CLOCKS.items())


def _spread(spread: Spread, target: float) -> str:
    if spread.share is None:
        return "no data"
    nine = spread.ninetieth
    late = "over 1 of 10 still wait" if nine is None else f"9 of 10 within {wait_words(nine, target)}"
    return f"median {wait_words(spread.median, target)}\n{late}\n{share_words(spread.share)} in time (n = {spread.n:,})"


def _rows(report: Report, metric: Metric, found: Evidence, sections: Mapping[str, str]) -> list[Block]:
    missed, done = _GROUPS[metric]
    titles = {Group.MISSED: missed, Group.LEFT_OUT: "Left out", Group.DONE: done}
    blocks: list[Block] = []
    last = None
    for group, deal in found.deals:
        if group is not last:
            blocks += [kit.divider(), kit.section(f"*{titles[group]} · {found.totals[group]:,}*")]
            last = group
        blocks.append(kit.section(_row(report, metric, group, deal, sections), _door(deal)))
    return blocks


def _row(report: Report, metric: Metric, group: Group, deal: Deal, sections: Mapping[str, str]) -> str:
    where = f" · <#{deal.channel}>" if deal.channel else ""
    said = [_left_out(deal) if group is Group.LEFT_OUT else _said(report, metric, group, deal, sections)]
    people = f"AE {kit.person(deal.ae)}"
    if deal.handoff:
        people = f"{people} · CSM {kit.person(deal.csm)}"
    else:
        said.insert(0, "No handoff was started")
    if deal.is_cancelled and deal.counts:
        said.insert(0, "The handoff was cancelled, but the CRM calls the deal closed")
    closed = f"Closed {_day(report, deal)}" if deal.closed_at else "Not signed yet"
    return "\n".join([f"*{kit.in_brief(deal.customer, _NAME)}*{where}", *said, closed, people])


def _said(report: Report, metric: Metric, group: Group, deal: Deal, sections: Mapping[str, str]) -> str:
    """What the figure counts of this deal."""
    is_done = group is Group.DONE
    match metric:
        case Metric.DOCUMENT:
            return "Document complete" if is_done else "No complete document"
        case Metric.MEETING:
            return "Meeting held" if is_done else "No meeting held"
        case Metric.CONTACT:
            return _wait(report, deal)
        case Metric.REPEAT:
            again = ", ".join(kit.escape(sections.get(one, one)) for one in deal.repeated)
            nothing = "Nothing explained again" if deal.heard_at else "Not answered yet"
            return f"Explained again: {again}" if again else nothing
        case Metric.SATISFACTION:
            return f"{deal.score} of 5"
        case _:
            return "No escalation" if is_done else "Escalated"


def _wait(report: Report, deal: Deal) -> str:
    yardstick, is_working = report.yardstick, report.yardstick.clock.is_working
    minutes = deal.waits[yardstick.clock]
    if minutes is not None:
        how, wait = "Contacted after", timedelta(minutes=minutes)
    elif deal.contacted_at or not deal.closed_at:
        return "Contacted; how long it took is not known"
    else:
        how, wait = "Not contacted for", yardstick.now - deal.closed_at
        wait = yardstick.calendar.working_time(deal.closed_at, yardstick.now) if is_working else wait
    return f"{how} {kit.span(wait, days=False)}{' of working time' if is_working else ''}"


def _left_out(deal: Deal) -> str:
    return "Not due yet" if deal.counts else "Cancelled"


def _door(deal: Deal) -> kit.Element:
    name = kit.clip(deal.customer, _NAME)
    if deal.handoff:
        return kit.button("View", Id.DOCUMENT_VIEW, Ref(handoff=deal.handoff).pack(), label=f"View {name}")
    value = Ref(deal=deal.id).pack()
    return kit.button("Start", Id.START_OPEN, value, label=f"Start a handoff for {name}")


def _day(report: Report, deal: Deal) -> str:
    return kit.day(report.period.local(deal.closed_at)) if deal.closed_at else ""
