"""The pack of a meeting: the practice's agenda with its time boxes, each filled from this customer's document."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from blocks import kit
from blocks.fades import fade_plan
from blocks.kit import Block
from blocks.values import place, public_rows, row_words, value_words
from bot import promises
from bot.agendas import AgendaItem, Filling
from bot.colleagues import Colleagues
from bot.documents import has_read, missing_fields, rows_of
from bot.handoffs import Handoff
from bot.meetings import planned
from bot.playbook import Kind, Playbook, label_of
from bot.questions import answers, open_questions
from bot.records import MeetingKind, PromiseStatus
from bot.values import Row

_MOST = 6  # entries of a kind below one item
_MOST_TEXTS = 44  # with the head, the responsibilities and the buttons within the 50 blocks of a message
_SHORT = 160  # characters of what people typed


@dataclass(frozen=True)
class Brief:
    """What a meeting is about: the handoff, its practice, and the people around it."""

    handoff: Handoff
    playbook: Playbook
    colleagues: Colleagues


def agenda(brief: Brief, kind: MeetingKind, minutes: int) -> Iterator[Block]:
    """The whole agenda, for everybody in the channel: the sensitive fields are not in it."""
    plan = brief.playbook.meeting(kind)
    boxes = enumerate(zip(plan.agenda, plan.time_boxes(minutes), strict=True), 1)
    texts = [text for number, (item, box) in boxes for text in _texts_of(_item(brief, item, f"{number}.", box))]
    yield from map(kit.section, texts[:_MOST_TEXTS])
    if len(texts) > _MOST_TEXTS:
        yield kit.section("_The rest is more than one message holds: it stands in the document._")


def _item(brief: Brief, item: AgendaItem, number: str, box: int) -> Iterator[list[str]]:
    """Its paragraphs, line by line."""
    points = [f"_{kit.escape(' · '.join(item.points))}_"] if item.points else []
    yield [f"*{number} {kit.escape(item.label)}* · {box} min", *points]
    for filling in item.shows:
        yield _FILLERS[filling](brief)


def _texts_of(paragraphs: Iterable[list[str]]) -> Iterator[str]:
    """As few texts as hold them within Slack's limit: cut between paragraphs, or else between lines."""
    text = ""
    for lines in paragraphs:
        whole = "\n".join(lines)
        for part in filter(None, [whole] if _fits(whole) else lines):
            longer = f"{text}\n{part}" if text else part
            if text and not _fits(longer):
                yield text
                longer = part
            text = longer
    yield text


def _fits(text: str) -> bool:
    return kit.clip(text, kit.MAX_TEXT) == text


def people(handoff: Handoff, playbook: Playbook) -> list[Block]:
    """People and politics, for those who may see what is sensitive; in literal text."""
    blocks: list[Block] = []
    for section, field in playbook.fields():
        if field.kind is Kind.ROWS and (field.sensitive or section.id == "stakeholders"):
            rows = rows_of(handoff, section.id, field.id)
            blocks += [kit.rich([kit.said(row_words(field, row))]) for row in rows]
        elif field.sensitive or field.id in ("champion", "champion_notes"):
            words = kit.clip(value_words(field, handoff.text(section.id, field.id)), 1000)
            blocks.append(kit.rich([kit.strong(f"{field.label}: "), kit.said(words or "—")]))
    return blocks


# -- what stands below an item


def _said(text: str) -> str:
    return kit.in_brief(text, _SHORT)


def _listed(title: str, lines: Iterable[str], nothing: str = "") -> list[str]:
    found = list(lines)
    if not found:
        return [nothing] if nothing else []
    more = [f"• … and {len(found) - _MOST} more, in the document"] if len(found) > _MOST else []
    return [f"*{title}*", *(f"• {line}" for line in found[:_MOST]), *more]


def _public(brief: Brief, path: str, title: str, lines: Iterable[str], nothing: str = "") -> list[str]:
    """What the document lists at that path, if everybody may read it."""
    if brief.playbook.is_sensitive(path):
        return [f"*{title}:* _not for everybody here, press People and politics_"]
    return _listed(title, lines, nothing)


def _day(text: str | None) -> str:
    return kit.day(date.fromisoformat(text)) if text else ""


def _rows(brief: Brief, section: str, field: str) -> list[Row]:
    return public_rows(brief.handoff, brief.playbook, f"{section}.{field}")


def _texts(brief: Brief, *paths: str) -> Iterator[str]:
    """The one-value answers at these paths, each with its label, as far as they are given."""
    for path in paths:
        section, _, name = path.partition(".")
        field, text = brief.playbook.field(path), brief.handoff.text(section, name)
        if field and text and not field.sensitive:
            yield f"{kit.escape(field.label)}: {_said(value_words(field, text))}"


def _review(brief: Brief) -> list[str]:
    handoff = brief.handoff
    csm = kit.person(handoff.csm)
    if handoff.is_accepted:
        return [
            f":white_check_mark: {kit.person(handoff.accepted_by)} has received, reviewed and accepted the document."
        ]
    return [f":warning: {csm} has not confirmed yet that the document was received and reviewed."]


def _unconfirmed(brief: Brief) -> list[str]:
    handoff, playbook = brief.handoff, brief.playbook
    missing = [f"Missing: {kit.escape(place(playbook, gap.path))}" for gap in missing_fields(playbook, handoff)]
    written = (one for one in playbook.sections if handoff.content(one.id).values and one.id != "sign_off")
    unread = [kit.escape(one.label) for one in written if not has_read(one.id, handoff, handoff.csm)]
    by_csm = [f"Not read by {kit.person(handoff.csm)} since it changed: {', '.join(unread)}"] if unread else []
    return _listed("Unconfirmed", [*by_csm, *missing])


def _questions(brief: Brief) -> list[str]:
    waiting = open_questions(brief.handoff, brief.playbook)
    hidden = len(open_questions(brief.handoff)) - len(waiting)
    lines = [
        f"{kit.escape(place(brief.playbook, one.about))}: “{_said(one.thread[-1].words)}” — "
        f"{kit.person(answers(one, brief.handoff))}"
        for one in waiting
    ]
    lines += [f"{hidden} more, about what is not for everybody: see Questions"] if hidden else []
    return _listed("Unanswered questions", lines, "No question is open.")


def _drivers(brief: Brief) -> list[str]:
    drivers = [_said(row.get("driver", "")) for row in _rows(brief, "why_they_bought", "primary_business_drivers")]
    influences = ("influence_feature", "influence_advantage", "influence_reference")
    return [
        *_public(
            brief,
            "why_they_bought.primary_business_drivers",
            "Why they bought",
            drivers,
            "_No driver is written down._",
        ),
        *_texts(brief, *(f"why_they_bought.{one}" for one in influences)),
    ]


def _relationship(brief: Brief) -> list[str]:
    rows = _rows(brief, "stakeholders", "stakeholders")
    lines = [_said(" · ".join(filter(None, (row.get("name"), row.get("title"), row.get("role"))))) for row in rows]
    return [
        *_public(brief, "stakeholders.stakeholders", "Stakeholders", lines, "_No stakeholder is written down._"),
        *_texts(brief, "relationship_history.champion", "relationship_history.cycle_length"),
        "_Politics are not for everybody here: press People and politics._",
    ]


def _commitments(brief: Brief) -> list[str]:
    promised = promises.ledger(brief.handoff)
    lines = []
    for one in sorted((one for one in promised if one.is_open), key=lambda one: one.due or date.max):
        due = f"due {kit.day(one.due)}" if one.due else ":warning: no date"
        doubt = ", :warning: at risk" if one.promise.status is PromiseStatus.AT_RISK else ""
        lines.append(f"“{_said(one.words)}” — {due}{doubt}")
    nothing = "No commitment is open." if promised else "No commitment is written down."
    return _public(brief, f"{promises.SECTION}.{promises.FIELD}", "Commitments", lines, nothing)


def _out_of_scope(brief: Brief) -> list[str]:
    lines = (_said(one) for one in promises.out_of_scope(brief.handoff))
    return _public(brief, f"{promises.SECTION}.{promises.OUT_OF_SCOPE}", "Out of scope", lines)


def _risks(brief: Brief) -> list[str]:
    lines = []
    for row in sorted(_rows(brief, "risks_and_red_flags", "risks"), key=lambda row: bool(row.get("mitigation"))):
        how = _said(row["mitigation"]) if row.get("mitigation") else ":warning: no mitigation yet"
        lines.append(f"{_said(row.get('severity', ''))}: {_said(row.get('risk', ''))} — {how}")
    return _public(brief, "risks_and_red_flags.risks", "Risks", lines, "No risk is written down.")


def _outcomes(brief: Brief) -> list[str]:
    lines = []
    for row in _rows(brief, "success_criteria", "outcomes"):
        metric = f" — {_said(row['metric'])}" if row.get("metric") else " — :warning: no metric"
        by = f", by {_day(row['by'])}" if row.get("by") else ""
        lines.append(f"{_said(row.get('outcome', ''))}{metric}{by}")
    title = "Success, in the customer's words"
    return _public(brief, "success_criteria.outcomes", title, lines, "_No outcome is written down._")


def _timeline(brief: Brief) -> list[str]:
    dates = ("quick_wins_by", "full_rollout_by", "roi_expected_by")
    lines = list(_texts(brief, *(f"success_criteria.{one}" for one in dates)))
    lines += _texts(brief, "company_overview.start_date", "implementation_notes.hard_deadline")
    for row in _rows(brief, "implementation_notes", "blackout_periods"):
        lines.append(f"Blackout: {_day(row.get('from'))} – {_day(row.get('to'))}")
    return _listed("Timeline", lines, "_No date is written down._")


def _introduction(brief: Brief) -> list[str]:
    meeting = planned(brief.handoff, MeetingKind.INTRODUCTION)
    label = kit.escape(brief.playbook.meeting(MeetingKind.INTRODUCTION).label)
    return [f"{label}: {kit.moment(meeting.at)}." if meeting else f":warning: {label}: not scheduled yet."]


def _fade_plan(brief: Brief) -> list[str]:
    handoff, playbook = brief.handoff, brief.playbook
    if standing := fade_plan(handoff, playbook):
        return standing
    model = playbook.timing_model(handoff.timing_model)
    phases = [f"{kit.escape(one.label)} for {one.days} days" for one in model.fade] if model else []
    timing = kit.escape(label_of(playbook.timing_models, handoff.timing_model))
    return [f"*Fade plan* ({timing}): from the introduction on, {', then '.join(phases)}."] if phases else []


def _escalation(brief: Brief) -> list[str]:
    leaders = [kit.person(one) for one in brief.colleagues.team.leaders]
    return [f"*Escalation:* {' and '.join(leaders)}" if leaders else "*Escalation:* no leader is named in setup yet."]


def _who_is_who(brief: Brief) -> list[str]:
    handoff = brief.handoff
    se = f", solutions engineer {kit.person(handoff.se)}" if handoff.se else ""
    ours = f"*Our side:* AE {kit.person(handoff.ae)}, CSM {kit.person(handoff.csm)}{se}"
    rows = _rows(brief, "stakeholders", "stakeholders")
    theirs = [_said(" · ".join(filter(None, (row.get("name"), row.get("role"))))) for row in rows]
    return [ours, *_public(brief, "stakeholders.stakeholders", "The customer's team", theirs)]


def zones(brief: Brief, attendees: Iterable[str], at: datetime) -> str:
    """What the clocks show where those who take part are."""
    there: dict[str, list[str]] = {}
    for user in attendees:
        calendar = brief.colleagues.calendar(user)
        city = calendar.zone.rpartition("/")[2].replace("_", " ")
        there.setdefault(f"{calendar.local(at):%a %H:%M} {city}", []).append(kit.person(user))
    return " · ".join(f"{kit.escape(clock)} ({', '.join(people)})" for clock, people in there.items())


_FILLERS: dict[Filling, Callable[[Brief], list[str]]] = {
    Filling.REVIEW: _review,
    Filling.QUESTIONS: _questions,
    Filling.DRIVERS: _drivers,
    Filling.RELATIONSHIP: _relationship,
    Filling.COMMITMENTS: _commitments,
    Filling.OUT_OF_SCOPE: _out_of_scope,
    Filling.RISKS: _risks,
    Filling.OUTCOMES: _outcomes,
    Filling.TIMELINE: _timeline,
    Filling.INTRODUCTION: _introduction,
    Filling.FADE_PLAN: _fade_plan,
    Filling.ESCALATION: _escalation,
    Filling.PEOPLE: _who_is_who,
    Filling.UNCONFIRMED: _unconfirmed,
}
