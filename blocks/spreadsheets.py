"""Tables for a spreadsheet: CSV in which nothing that a person typed is ever a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from unicodedata import category, normalize

from bot.evidence import Deal
from bot.metrics import Counts, Undone, figures, spread
from bot.periods import Period
from bot.targets import Metric
from bot.teams import Group
from bot.yardsticks import Clock, Yardstick

Cell = str | int | float | datetime | None
BOM = "\ufeff"  # without it Excel takes UTF-8 for something else
_FORMULA = frozenset("=+-@")  # Source: OWASP, CSV Injection
_NEXT_CELL = frozenset(",;|\t\r\n")  # a spreadsheet may be set to part cells at any of these
_QUOTES = frozenset("\"'`\N{ACUTE ACCENT}‘’“”«»")
_HOURS = 60  # minutes
HANDOFFS = (
    "customer", "ae", "csm", "segment", "timing_model", "teams", "closed_at", "crm_closed_at", "document_complete_at",
    "internal_meeting_held_at", "introduced_at", "first_contact_at", *(f"wait_hours_{clock}" for clock in Clock),
    "customer_heard_at", "repeated_sections", "survey_at", "survey_score", "completed_at", "escalated", "cancelled",
    "left_out", "handoff_id",
)  # fmt: skip
FIGURES = (
    "metric", "from", "to", "slice", "section", "clock", "value", "unit", "n", "hits", "target", "verdict",
    "left_out_cancelled", "left_out_not_due", "without_handoff", "not_answered", "still_waiting", "median_hours",
    "ninetieth_hours", "share_percent",
)  # fmt: skip
_YES = {True: "yes", False: "no"}
_UNITS = {Metric.CONTACT: "hours", Metric.SATISFACTION: "points of 5"}


def sheet(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as CSV: words in quotes, numbers as numbers, moments in UTC."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC).writerows([_cell(one) for one in row] for row in rows)
    return text.getvalue()


def safe(text: str) -> str:
    """The same words, which no spreadsheet takes for a formula, at whatever sign it parts its cells."""
    if text.isascii() and not _FORMULA & {*text}:
        return f"'{text}" if text[:1] in _NEXT_CELL else text
    kept, starts = "", True
    for sign in text:
        plain = normalize("NFKC", sign)[:1]
        if starts and plain in _FORMULA:
            kept += "'"
        kept += sign
        starts = plain in _NEXT_CELL or (starts and (sign in _QUOTES or category(sign)[0] in "ZC"))
    return f"'{kept}" if kept[:1] in _NEXT_CELL else kept


def handoff_row(
    deal: Deal, not_due_since: Callable[[Metric, str], datetime], name: Callable[[str], str], groups: Sequence[Group]
) -> list[Cell]:
    """One deal, in the order of HANDOFFS; `name`: of a Slack user id; `not_due_since`: see Yardstick."""
    teams = [group.name for group in groups if {deal.ae, deal.csm} & {*group.people}]
    return [
        deal.customer,
        name(deal.ae),
        name(deal.csm),
        deal.segment,
        deal.timing_model,
        ", ".join(teams),
        deal.closed_at,
        deal.crm_closed_at,
        deal.documented_at,
        deal.met_at,
        deal.introduced_at,
        deal.contacted_at,
        *(_hours(deal.waits[clock]) for clock in Clock),
        deal.heard_at,
        ", ".join(deal.repeated),
        deal.scored_at,
        deal.score,
        deal.completed_at,
        _YES[deal.is_escalated],
        _YES[deal.is_cancelled],
        ", ".join(_left_out(deal, not_due_since)),
        deal.handoff or None,
    ]


def figure_rows(counts: Counts, period: Period, whose: str, yardstick: Yardstick, segment: str) -> Iterator[list[Cell]]:
    """The six in the order of FIGURES: of the first contact one for each clock, of the repeat rate one a section.
    `segment`: whose targets they are held to, "" those of all."""
    waits = {clock: spread(counts.tally, some, clock, yardstick) for clock, some in counts.waits.items()}
    for figure in figures(counts.tally, counts.waits[yardstick.clock], yardstick, segment).values():
        head = [figure.metric.value, *period.dates.split(".."), whose]
        out: list[Cell] = [*(figure.left_out.get(why, 0) for why in Undone), figure.without_handoff, figure.unheard]
        unit = _UNITS.get(figure.metric, "percent")
        if figure.spread is None:
            value = [_number(figure.value), unit, figure.n, figure.hits, figure.target, figure.verdict.value]
            yield [*head, None, None, *value, *out, None, None, None, None]
        else:
            for clock, told in waits.items():
                verdict = figure.verdict.value if clock is yardstick.clock else None
                target = yardstick.limit(clock, segment) / _HOURS
                value = [_hours(told.median), unit, told.n, told.within, target, verdict]
                wait = [told.waiting, _hours(told.median), _hours(told.ninetieth), _number(told.share)]
                yield [*head, None, clock.value, *value, *out, *wait]
        for section, count in figure.sections.items():
            yield [*head, section, None, None, "handoffs", figure.n, count, *(None,) * (len(FIGURES) - 10)]


def _left_out(deal: Deal, not_due_since: Callable[[Metric, str], datetime]) -> Iterable[str]:
    """Of which figures the deal is left out, and why."""
    if not deal.counts:
        return [Undone.CANCELLED.value]
    done = {Metric.DOCUMENT: deal.documented_at, Metric.MEETING: deal.met_at, Metric.CONTACT: deal.contacted_at}
    return [
        f"{metric}: {Undone.NOT_DUE}"
        for metric, at in done.items()
        if at is None and deal.closed_at and deal.closed_at > not_due_since(metric, deal.segment)
    ]


def _cell(value: Cell) -> Cell:
    if isinstance(value, datetime):
        return f"{value.isoformat()[:19]}Z"
    return safe(value) if isinstance(value, str) else value


def _hours(minutes: int | None) -> float | None:
    return None if minutes is None else round(minutes / _HOURS, 2)


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
