"""What each of the six figures is: what counts, what is left out and why, by which clock, and where it comes from."""

from blocks import kit
from bot.metrics import Report
from bot.targets import Metric

_CLOSED = (
    "Of all deals that closed in these days, also those nobody started a handoff for. Left out: what is not done and "
    "not due yet, and what was cancelled after it was signed, unless the CRM calls it closed."
)
_DEFINED = {
    Metric.DOCUMENT: "Deals whose complete handoff document is with CS: submitted, and not returned since.",
    Metric.MEETING: "Deals whose internal handoff meeting was held.",
    Metric.CONTACT: (
        "Hours from the close to the first contact by CS: the introduction, the kickoff, or an earlier contact that "
        "was noted. Who is not contacted though it is due counts as waiting longest."
    ),
    Metric.REPEAT: (
        "Handoffs in which the customer had to explain something again, of those whose introduction was in these days. "
        "Baton asks the CSM. What is not answered counts as nothing repeated, but is told."
    ),
    Metric.SATISFACTION: "The mean of the customer surveys, from 1 to 5, that were noted in these days.",
    Metric.SMOOTH: "Handoffs completed in these days in which nothing was escalated before the completion.",
}


def definition(metric: Metric, report: Report) -> str:
    """What the figure is, what counts, what is left out and why, by which clock, and where it comes from."""
    yardstick = report.yardstick
    target = yardstick.metrics.target(metric)
    own = [f"{kit.escape(yardstick.segments[one])} {value:g}" for one, value in target.segments.items()]
    lines = [_DEFINED[metric]]
    if metric in (Metric.DOCUMENT, Metric.MEETING):
        due = target.working_due if yardstick.clock.is_working else target.due
        hours = "working hours" if yardstick.clock.is_working else "hours"
        lines.append(_CLOSED + (f" What is not done counts from {due} {hours} after the close on." if due else ""))
    elif metric is Metric.CONTACT:
        clock = "working time" if yardstick.clock.is_working else "the clock on the wall"
        lines.append(f"{_CLOSED} Counted by {clock}, as set in `/handoff setup`. Pauses: CS waited for the customer.")
    elif metric is Metric.REPEAT:
        lines.append(f"It is on target only when {target.share:g} % are answered: silence is no good news.")
    lines += [f"Targets of their own: {', '.join(own)}."] if own else []
    return "\n".join([*lines, f"Under {yardstick.metrics.enough} Baton says only that there is not enough."])
