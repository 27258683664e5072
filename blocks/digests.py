"""The weekly digest, for half a minute on a phone: a headline, the six figures, what slipped, and whom to thank."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from blocks import kit
from blocks.charts import bar_chart, line_chart, table
from blocks.ids import Id
from blocks.kit import Block
from blocks.metrics import about, compact_blocks, share_words
from blocks.setups import unsettled
from bot.digests import AGES, Line, News, Pattern, Risk, Slot, Some, Uncontacted, shown
from bot.handoffs import Stage
from bot.metrics import By, Report, Tally, within
from bot.periods import Period
from bot.targets import Metric
from bot.teams import Team

_NAME = 60  # letters of a customer's name
_PERSON = 40  # of a person's
_STAGES = {
    Stage.PREPARING: "Preparing",
    Stage.IN_REVIEW: "In review",
    Stage.RETURNED: "Returned",
    Stage.ACCEPTED: "Accepted",
}
_PATTERNS = {  # one, and several
    Pattern.NO_DOCUMENT: ("deal closed without a complete document", "deals closed without a complete document"),
    Pattern.NO_CSM: ("deal closed before a CSM was named", "deals closed before a CSM was named"),
    Pattern.COLD: ("customer contacted before any introduction", "customers contacted before any introduction"),
    Pattern.NO_MEETING: ("introduction without an internal meeting", "introductions without an internal meeting"),
    Pattern.NO_CHAMPION: ("document accepted that names no champion", "documents accepted that name no champion"),
    Pattern.FORGOTTEN: ("promise passed its day without a word", "promises passed their day without a word"),
    Pattern.GONE: ("AE left a question unanswered after the introduction", "times an AE left a question unanswered"),
    Pattern.COPIED: (
        "document has another customer's drivers and outcomes",
        "documents have another customer's drivers and outcomes",
    ),
}


def digest_blocks(news: News, now: datetime, *, charts: bool) -> list[Block]:
    """The whole week; without `charts` their numbers are a table and a line."""
    if news.is_empty:
        return [kit.section(f"*{digest_text(news)}*")]
    parts = [
        _slipped(news),
        _patterns(news),
        _promises(news.promises),
        _risks(news),
        _thanks(news),
    ]
    return [
        kit.header(f"Handoffs: {news.report.period.title}"),
        kit.section(headline(news)),
        *_told(news, charts=charts, parts=[kit.section(part) for part in parts if part]),
        kit.context(
            f"As of {kit.moment(now)}. The number n says how many deals, handoffs or answers a figure is about. "
            "`/handoff metrics` has every figure, slice and list."
        ),
    ]


def _told(news: News, *, charts: bool, parts: list[Block]) -> list[Block]:
    """The figures, the charts and the `parts`; where there are no figures, the parts before the charts."""
    drawn = _charts(news) if charts else _numbers(news)
    if any(figure.n for figure in news.report.figures.values()):
        return [*compact_blocks(news.report), *drawn, *parts]
    words = (
        "No figures this week: of its deals nothing was due yet, and no introduction, survey or completion was noted."
    )
    return [kit.section(words), *parts, *drawn]


def digest_text(news: News) -> str:
    """What a notification says."""
    title = f"Handoffs, {news.report.period.title}"
    if news.is_empty:
        return f"{title}: no deal closed, nothing slipped, and nothing is at risk."
    return f"{title}: {headline(news).replace('*', '')}"


def headline(news: News) -> str:
    """The week in a sentence or two."""
    report, (good, judged) = news.report, news.standing
    tally, contact = report.tally, report.figures[Metric.CONTACT]
    untold = len(report.figures) - judged
    standing = f"*{good} of {judged} on target" + (f", {untold} with too little data" if untold else "") + ".*"
    closed = f"{_many(tally.closed, 'deal')} closed" if tally.closed else "No deal closed"
    without = f", {tally.without_handoff} without a handoff" if tally.without_handoff else ""
    hours = f"{contact.target:g} {'working hours' if report.yardstick.clock.is_working else 'h'}"
    waits = f"{_many(news.waiting, 'customer')} wait{'s' * (news.waiting == 1)}" if news.waiting else "nobody waits"
    lately = contact.spread.waiting if contact.spread else 0
    since = f", {lately} of them since this week" if 0 < lately < news.waiting else ""
    contacts = f"; {waits} for CS longer than {hours}{since}" if contact.n or news.waiting else ""
    return f"{standing if judged else '*Too little data for the targets.*'} {closed}{without}{contacts}."


# -- charts, or the same in numbers


def _charts(news: News) -> list[Block]:
    trend, ageing = _trend(news.report), _ageing(news)
    drawn = []
    if any(map(any, trend.values())):
        drawn.append(line_chart("Twelve weeks, by the week's first day", _weeks(news.report), trend))
    if ageing:
        drawn.append(bar_chart("Handoffs under way, by days since signature", _ages(), ageing))
    return drawn


def _numbers(news: News) -> list[Block]:
    trend, ageing = _trend(news.report), _ageing(news)
    ages = _ages()
    drawn = []
    if any(map(any, trend.values())):
        weeks = zip(_weeks(news.report), *trend.values(), strict=True)
        drawn.append(table(("Week of", *trend), *weeks))
    if ageing:
        lines = (
            f"• {stage}: " + ", ".join(f"{count} ({age})" for age, count in zip(ages, counts, strict=True) if count)
            for stage, counts in ageing.items()
        )
        drawn.append(kit.section("\n".join(["*Handoffs under way, by days since the signature*", *lines])))
    return drawn


def _trend(report: Report) -> dict[str, list[int]]:
    clock = report.yardstick.clock
    return {
        "Deals closed": [week.closed for week in report.weeks],
        "Document complete": [week.documented for week in report.weeks],
        "Meeting held": [week.met for week in report.weeks],
        "Contacted in time": [within(week, clock) for week in report.weeks],
    }


def _weeks(report: Report) -> list[str]:
    return [f"{week.first.day} {week.first:%b}" for week in report.period.weeks]


def _ageing(news: News) -> dict[str, Sequence[int]]:
    return {_STAGES[stage]: counts for stage, counts in news.ageing.items() if any(counts)}


def _ages() -> list[str]:
    starts = (0, *AGES[:-1])
    return [*(f"{start}–{end - 1} d" for start, end in zip(starts, AGES, strict=True)), f"over {AGES[-1] - 1} d"]


# -- what slipped, and what went well


def _slipped(news: News) -> str:
    if not (news.missed.total or news.returned.total):
        return ""
    lines = ["*What slipped*"]
    if news.missed.total:
        lines.append(f"{_many(news.missed.total, 'deadline')} missed: {_listed(news.missed)}")
    if news.returned.total:
        lines.append(f"{_many(news.returned.total, 'document')} returned: {_listed(news.returned)}")
    return "\n".join(lines)


def _patterns(news: News) -> str:
    lines = [f"• {one}: {count} {_PATTERNS[one][count > 1]}" for one, count in news.patterns.items()]
    return "\n".join(["*Anti-patterns*", *lines]) if lines else ""


def _promises(promises: Some) -> str:
    return f"*Overdue promises: {promises.total}* — {_listed(promises)}" if promises.total else ""


def _risks(news: News) -> str:
    """Who waits for CS, and whatever else goes wrong."""
    lines = [_uncontacted(one, news.report.period) for one in news.uncontacted]
    rest = news.waiting - len(lines)
    lines += [f"and {rest:,} more who wait for CS"] if rest else []
    lines += map(_risk, news.risks)
    return "\n".join(["*At risk*", *lines]) if lines else ""


def _uncontacted(one: Uncontacted, period: Period) -> str:
    channel = f" <#{one.channel}>" if one.channel else ""
    without = "" if one.has_handoff else ", and nobody has started a handoff"
    people = [f"{role} {kit.in_brief(who, _PERSON)}" for role, who in (("AE", one.ae), ("CSM", one.csm)) if who]
    since = f"waits for CS since {kit.day(period.local(one.closed_at))}{without}"
    return f"• *{kit.in_brief(one.customer, _NAME)}*{channel}: {' · '.join([since, *people])}"


def _risk(risk: Risk) -> str:
    channel = f" <#{risk.channel}>" if risk.channel else ""
    what = [f"{_many(risk.escalations, 'escalation')} to decide"] if risk.escalations else []
    if risk.overdue:
        owner = f"{risk.role.upper()} {kit.in_brief(risk.owner, _PERSON)}".lstrip()  # a name calls nobody in public
        owes = f"{kit.escape(risk.first)} ({kit.span(risk.late)}), {owner}"
        what.append(f"{risk.overdue} overdue, longest {owes}" if risk.overdue > 1 else f"overdue: {owes}")
    return f"• *{kit.in_brief(risk.customer, _NAME)}*{channel}: {' · '.join(what)}"


def _thanks(news: News) -> str:
    if not news.thanks:
        return ""
    lines = [
        f"• *{kit.in_brief(one.customer, _NAME)}*: {kit.person(one.ae)} and {kit.person(one.csm)}"
        for one in news.thanks
    ]
    more = [f"and {news.thanked - len(lines)} more"] if news.thanked > len(lines) else []
    what = "with both meetings, and without a missed deadline, an escalation or anything explained again"
    return "\n".join([f":tada: *Thank you* for handoffs {what}", *lines, *more])


def _listed(some: Some) -> str:
    told = [kit.in_brief(name, _NAME) + (f" ×{count}" if count > 1 else "") for name, count in some.first]
    rest = some.total - sum(count for _, count in some.first)
    return ", ".join([*told, *([f"{rest:,} more"] if rest else [])])


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


# -- for the leaders


def detail_blocks(report: Report, csms: Sequence[Line], aes: Sequence[Line]) -> list[Block]:
    """To a leader, and to nobody else: the week of each CSM and each AE, by name."""
    title = f"*Handoffs by person, {report.period.title}.* Only leaders get this."
    if not (csms or aes):
        return [kit.section(f"{title}\nNobody closed or handed off anything.")]
    more = [*_more(By.CSM, csms), *_more(By.AE, aes)]
    csms, aes = shown(csms), shown(aes)
    rows: list[tuple[str | int, ...]] = []
    if csms:
        rows.append(("CSM", "Deals", "Contacted in time", "Overdue now", "Load"))
        rows += [
            (kit.clip(one.name, _PERSON), one.tally.closed, _in_time(report, one.tally), one.late, f"{one.weight:g}")
            for one in csms
        ]
    headings = {len(rows)} if csms else set()
    if aes:
        rows.append(("AE", "Deals", "Documents complete", "Questions overdue", "Returned"))
        rows += [
            (kit.clip(one.name, _PERSON), one.tally.closed, _documented(one.tally), one.late, one.returned)
            for one in aes
        ]
    options = [*_options(report, By.CSM, csms), *_options(report, By.AE, aes)]
    choose = kit.select(options, placeholder="Choose a person") | {"action_id": Id.METRICS_OPEN}
    notes = [kit.context(*more)] if more else []
    return [kit.section(title), table(*rows, bold=headings), *notes, kit.section("The figures of one person", choose)]


def _more(by: By, lines: Sequence[Line]) -> Iterator[str]:
    if rest := len(lines) - len(shown(lines)):
        yield f"And {_many(rest, by.upper())} more: `/handoff metrics by {by}`"


def _options(report: Report, by: By, lines: Sequence[Line]) -> Iterator[kit.Element]:
    for one in lines:
        ref = about(report).model_copy(update={"by": by.value, "key": one.person})
        yield kit.option(f"{kit.clip(one.name, _PERSON)} ({by.upper()})", ref.pack())


def _in_time(report: Report, tally: Tally) -> str:
    return _share(within(tally, report.yardstick.clock), tally.closed - tally.contact_not_due)


def _documented(tally: Tally) -> str:
    return _share(tally.documented, tally.closed - tally.document_not_due)


def _share(hits: int, n: int) -> str:
    return f"{hits} of {n}, {share_words(100 * hits / n)}" if n else "–"


# -- around it


def announced(team: Team, slot: Slot, *, may_settle: bool) -> list[Block]:
    """When the next digest comes, and where."""
    if not team.digest_channel:
        return [unsettled("No digest is posted: no channel is settled.", may_settle=may_settle)]
    when = f"{slot.day:%A}, {kit.day(slot.day)}, at {team.digest_at:%H:%M} ({kit.escape(team.zone)})"
    return [
        kit.section(f"The next digest comes on {when} in <#{team.digest_channel}>."),
        kit.context("`/handoff digest preview` shows it as it stands now, to you alone."),
    ]


def preview(blocks: Sequence[Block], period: Period) -> list[Block]:
    """The digest as it stands now, for who asked."""
    note = f"A preview that only you see: {period.title}, with the charts as a table."
    return [kit.context(note), *blocks]
