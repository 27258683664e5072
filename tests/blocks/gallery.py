"""Every picture that Baton draws, by the name of the function that draws it."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from functools import cache
from typing import Any

from blocks import (
    breakdowns,
    captures,
    cards,
    channels,
    charts,
    completion,
    contracts,
    deadlines,
    digests,
    documents,
    escalations,
    evidence,
    fades,
    finding,
    health,
    history,
    homes,
    imports,
    introductions,
    kit,
    lessons,
    meetings,
    metrics,
    nudges,
    owners,
    preferences,
    promises,
    questions,
    reading,
    reviews,
    setups,
    starts,
    surveys,
    tabs,
    teams,
    waits,
)
from blocks import deals as pictures_of_deals
from blocks.agendas import Brief
from blocks.finding import Sight
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from blocks.lines import line
from blocks.nudges import Item
from blocks.responsibilities import responsibilities
from bot import captures as rules
from bot.assignments import Load, Suggestion
from bot.completion import Gap
from bot.deals import Waiting
from bot.digests import last_slot
from bot.documents import merge, missing_fields, rows_of
from bot.events import Change, DealChanged, Event, SectionSaved
from bot.handoffs import Awaited, Done, Handoff, Pause, Snooze, Stage
from bot.homes import Tab
from bot.imports import Report
from bot.metrics import By, Slice
from bot.nudges import Watch, shifts, watches
from bot.permissions import Act
from bot.playbook import Kind
from bot.preferences import Preferences
from bot.promises import ENDINGS, Commitment, commitment_of, ledger
from bot.records import (
    Capture,
    CaptureKind,
    Completion,
    Decision,
    Escalation,
    MeetingEnd,
    MeetingKind,
    Minutes,
    Promise,
    Question,
    Repeat,
    Said,
    Severity,
    Source,
    Survey,
    Verdict,
)
from bot.targets import Metric
from bot.teams import MOST_GROUPS, ChannelEnd, Group, Team
from bot.timing import Fact
from bot.values import Value, Values
from tests.blocks.digests import everybody, month_of_lessons, news
from tests.blocks.reports import NOVEMBER, evidences, reports
from tests.examples import (
    AE,
    CS_LEADER,
    CSM,
    NOW,
    PLAYBOOK,
    SE,
    STRANGER,
    TEAM,
    TODAY,
    brought,
    colleagues,
    empty,
    hostile,
    life,
    planned,
    typical,
    wild,
)

Drawing = tuple[str, View | list[Block]]  # what is drawn: "message", or "view"

# As long as Slack's ids get, beside a handoff that is one of a million.
VIEW = "V" + "0" * 20
MILLIONTH = 1_000_000


@cache
def subjects() -> dict[str, Handoff]:
    """Handoffs of every kind at every stage, by name."""
    found = {"empty": empty(csm=None), "too long": hostile(9000)}
    for stage in Stage:
        wilder = hostile().model_copy(update={"id": MILLIONTH})
        found[f"hostile, {stage}"] = brought(wilder, stage, wild(3000))
    for (name, handoff), stage in zip(typical().items(), itertools.cycle([Stage.IN_REVIEW, Stage.RETURNED])):
        found[f"{name}, {stage}"] = brought(handoff, stage)
    return found


def ref(handoff: Handoff, **more: Any) -> Ref:
    """What a form is about, as long as it can be."""
    return Ref(handoff=handoff.id, parent=VIEW, grandparent=VIEW, below=Id.DOCUMENT_EDIT, revision=999, **more)


def message(blocks: list[Block]) -> Drawing:
    """A message."""
    return "message", blocks


def view(drawn: View) -> Drawing:
    """A modal or the Home tab."""
    return "view", drawn


def told(handoff: Handoff) -> dict[str, str]:
    """What the start form is filled with."""
    known = {"company_name": handoff.customer, "website": handoff.website, "segment": handoff.segment}
    return known | {"ae": AE, "csm": CSM, "signed_on": TODAY.isoformat()}


def draw_deals(handoff: Handoff) -> Iterator[View]:
    """None is known, each has a handoff, one has none, and a page of many."""
    known = Waiting(MILLIONTH, handoff.customer, "", AE, CSM, handoff.segment, NOW)
    nobody = replace(known, ae="", csm="", segment="")
    for closed, waiting, page, deals in ((0, 0, 0, []), (1, 0, 0, []), (9, 1, 0, [nobody]), (99, 40, 1, [known] * 15)):
        yield pictures_of_deals.deals_view(PLAYBOOK, closed, waiting, deals, "Europe/Berlin", page)


def draw_teams(handoff: Handoff) -> Iterator[View]:
    """None, some, and as many as there can be with names as long as they can be."""
    name = handoff.customer[: teams.LONGEST_NAME]
    for count, page in ((0, 0), (2, 1), (MOST_GROUPS, 9)):
        groups = tuple(Group(name, (AE, CSM)) for _ in range(count))
        yield teams.teams_view(Team(groups=groups), ref(handoff, page=page))


def draw_import(handoff: Handoff) -> Iterator[Drawing]:
    """Nothing taken, everything, and all that may be strange in a file."""
    name = handoff.customer
    strange = dict.fromkeys(range(2, 12), f"closed_on “{name[:100]}” is no date")
    everything = Report(
        file=name, new=19_000, changed=3, known=9, not_taken=900, refused=strange, remarks=(name[:500],) * 2
    )
    for report in (Report(file=name, problem=name), Report(file="deals.csv", new=1), everything):
        for waiting in (0, 1, 2_000):
            assert imports.report_text(report)
            yield message(imports.report_blocks(report, waiting))


def draw_sections(handoff: Handoff, *, sensitive: bool) -> Iterator[Drawing]:
    """Each section's form, fresh and after somebody else saved everything in it."""
    for section in PLAYBOOK.sections:
        here = ref(handoff, section=section.id)
        for one in (handoff, captured(handoff)):
            yield view(documents.section_view(one, PLAYBOOK, section, here, sensitive=sensitive))
        fields = [f.id for f in section.fields if f.kind is not Kind.ROWS and (sensitive or not f.sensitive)]
        changes = tuple(Change(field=name, before="?", after=handoff.text(section.id, name)) for name in fields)
        values: Values = dict(handoff.content(section.id).values)
        theirs = SectionSaved(by=CSM, at=NOW, section=section.id, revision=1000, values=values, changes=changes)
        merged = merge(dict.fromkeys(fields, ""), handoff, [theirs])
        yield view(documents.section_view(handoff, PLAYBOOK, section, here, sensitive=sensitive, merged=merged))


def draw_rows(handoff: Handoff) -> Iterator[Drawing]:
    """Each row's form: new, last and after somebody changed it."""
    for section, field in PLAYBOOK.fields():
        if field.kind is Kind.ROWS:
            here = ref(handoff, section=section.id, field=field.id)
            yield view(documents.row_view(PLAYBOOK, field, here.model_copy(update={"row": "a1", "is_new": True}), {}))
            rows = handoff.content(section.id).values.get(field.id)
            row = rows[-1] if isinstance(rows, list) and rows else {"id": "1"}
            edited = here.model_copy(update={"row": row["id"]})
            yield view(documents.row_view(PLAYBOOK, field, edited, row, row, CSM))
            yield view(documents.row_view(PLAYBOOK, field, edited, row, {}, CSM))


def draw_reading(handoff: Handoff, *, sensitive: bool) -> Iterator[Drawing]:
    """Every page of the document, for a reviewer and for another reader."""
    for reader, one in itertools.product((CSM, AE), (handoff, questioned(handoff))):
        pages = reading.reading(one, PLAYBOOK, sensitive=sensitive, reader=reader, marks=reader == CSM)
        for page in pages:
            head = [kit.section("head"), kit.context("page")]
            yield view(kit.modal("Handoff document", [*head, *page, kit.divider()]))


ABOUT = ("", "stakeholders", "company_overview.industry", "relationship_history.political_considerations")


def questioned(handoff: Handoff) -> Handoff:
    """The handoff with a short and a long thread, open and answered, about everything there is to ask about."""
    asked: dict[int, Question] = {}
    for length, about in itertools.product((1, 2, 3, 12), ABOUT):
        secret = PLAYBOOK.is_sensitive(about)
        words = handoff.text("relationship_history", "political_considerations") if secret else handoff.customer
        said = (Said(words=words or "?", by=(CSM, AE)[n % 2], at=NOW, is_answer=n % 2 == 1) for n in range(length))
        number = len(asked) + 1
        asked[number] = Question(id=number, about=about, to=SE if length == 3 else None, thread=tuple(said))
    return handoff.model_copy(update={"questions": asked})


def draw_questions(handoff: Handoff, *, sensitive: bool) -> Iterator[Drawing]:
    """Each page of the list, before anybody asked and after."""
    yield view(questions.questions_view(handoff, PLAYBOOK, 0, sensitive=sensitive))
    for page in range(3):
        yield view(questions.questions_view(questioned(handoff), PLAYBOOK, page, sensitive=sensitive))


def each_question(
    handoff: Handoff, sensitive: bool, draw: Callable[[Handoff, Question], View | list[Block]]
) -> Iterator[Drawing]:
    """One picture of each question that the reader may see."""
    asked = questioned(handoff)
    for question in asked.questions.values():
        if sensitive or not PLAYBOOK.is_sensitive(question.about):
            drawn = draw(asked, question)
            yield message(drawn) if isinstance(drawn, list) else view(drawn)


def draw_asking(handoff: Handoff, *, sensitive: bool) -> Iterator[Drawing]:
    """To each who may have been asked, in each round, and when it came back."""
    asked = questioned(handoff)
    for question, turn, reader in itertools.product(asked.questions.values(), ("1", "2", "1.2"), (AE, SE)):
        edition = f"{question.id}.{turn}"
        yield message(questions.question(asked, PLAYBOOK, question, edition, reader, sensitive=sensitive))


def draw_answering(handoff: Handoff, *, sensitive: bool) -> Iterator[Drawing]:
    """Each answer to who asked."""
    asked = questioned(handoff)
    for question in asked.questions.values():
        if len(question.thread) > 1:
            yield message(questions.answer(asked, PLAYBOOK, question, 2, sensitive=sensitive))


def pledged(handoff: Handoff) -> Iterator[Handoff]:
    """The handoff with all of its promises in one state after the other, with and without the leaders."""
    words = handoff.customer
    doubted = {"verdict_words": words, "verdict_by": CSM}
    states: list[dict[str, Any]] = [{}, {"owner": SE, "verdict": Verdict.FINE, "verdict_by": SE, "judged": "?"}]
    states += [doubted | {"verdict": one} for one in (Verdict.AT_RISK, Verdict.IMPOSSIBLE)]
    states += [{"ended": one, "ended_words": words, "ended_by": CSM, "ended_at": NOW} for one in ENDINGS]
    for state in states:
        held = {one.id: Promise(row=one.id, **state) for one in ledger(handoff)}
        clocks = {f"keep_promise.{row}": Awaited(started_at=NOW - timedelta(days=30)) for row in held}
        yield escalated(handoff.model_copy(update={"promises": held, "awaited": handoff.awaited | clocks}))


def escalated(handoff: Handoff) -> Handoff:
    """The handoff with an escalation of every kind, open and settled; two about each of two promises."""
    rows = ["", *(one.id for one in ledger(handoff)[:2])]
    found: dict[int, Escalation] = {}
    for row, severity, decision in itertools.product(rows, Severity, (*Decision, None, "open")):
        number, words = len(found) + 1, handoff.customer[:1000] or "?"
        one = Escalation(id=number, what=words, severity=severity, by=AE, at=NOW, promise=row)
        if decision != "open":
            over = {"decision": decision if row else None, "outcome": words, "closed_by": TEAM.cs_leader}
            one = one.model_copy(update=over | {"closed_at": NOW})
        found[number] = one
    return handoff.model_copy(update={"escalations": found})


def draw_promises(handoff: Handoff) -> Iterator[Drawing]:
    """The list of a customer."""
    for one in (handoff, *pledged(handoff)):
        yield view(promises.promises_view(one, watched(one), NOW))


def draw_across(handoff: Handoff) -> Iterator[Drawing]:
    """What is listed across customers."""
    for one in (handoff, *pledged(handoff)):
        rows = [(watch, found) for found in ledger(one) for watch in watched(one) if watch.rule.item == found.id]
        for overdue in (True, False):
            yield message(promises.promises_blocks(rows, NOW, len(rows) * 9, overdue=overdue))


def each_promise(
    handoff: Handoff, draw: Callable[[Handoff, Commitment], Iterator[View | list[Block]]]
) -> Iterator[Drawing]:
    """Pictures of the first promise in each of its states."""
    for one in pledged(handoff):
        for found in ledger(one)[:1]:
            for drawn in draw(one, found):
                yield message(drawn) if isinstance(drawn, list) else view(drawn)


def draw_promise_view(handoff: Handoff, one: Commitment) -> Iterator[View]:
    """To who may do all, and to who may look."""
    for may in (frozenset({Act.JUDGE, Act.KEEP, Act.DECIDE}), frozenset[Act]()):
        yield promises.promise_view(handoff, one, watched(handoff), NOW, may, ref(handoff))


def draw_escalations(handoff: Handoff) -> Iterator[Drawing]:
    """Each as a message, to a leader and where there is none."""
    one = escalated(handoff)
    for found, leaders in itertools.product(one.escalations.values(), (True, False)):
        yield message(escalations.escalation(one, found, may_decide=leaders, has_leaders=leaders))


def each_escalation(
    handoff: Handoff, draw: Callable[[Handoff, Escalation], View | list[Block]], *, is_open: bool
) -> Iterator[Drawing]:
    """One picture of each that is, or is not, open."""
    after = escalated(handoff)
    for found in after.escalations.values():
        if found.is_open is is_open:
            drawn = draw(after, found)
            yield message(drawn) if isinstance(drawn, list) else view(drawn)


def draw_history(handoff: Handoff, *, sensitive: bool) -> Iterator[Drawing]:
    """Every page of a history in which everything happened, and everything was typed."""
    for page in range(3):
        yield view(history.history_view(handoff, PLAYBOOK, past(handoff), page, sensitive=sensitive))


def past(handoff: Handoff) -> list[Event]:
    """Everything that can happen, and a save of each section as it stands."""
    saves = []
    for name, content in handoff.document.items():
        changes = [_change(field, value) for field, value in content.values.items()]
        saved = SectionSaved(
            by=AE, at=NOW, section=name, revision=content.revision, values=content.values, changes=tuple(changes)
        )
        saves.append(saved)
    return [*life(handoff.customer), *saves]


def _change(field: str, value: Value) -> Change:
    if isinstance(value, str):
        return Change(field=field, before="", after=value)
    return Change(field=f"{field}[1]", before=value[0], after=None)


def aside() -> list[tuple[int, str, str, Any]]:
    """Deliveries that Slack refused, in words as bad as they come."""
    return [(number, "channel.open", wild(400), NOW) for number in range(20)]


def troubled(handoff: Handoff) -> Iterator[Drawing]:
    """A channel that can't be used, for each reason, and one that can again."""
    for error in ("is_archived", "restricted_action", wild(300), None):
        channel = handoff.channel.model_copy(update={"trouble": error})
        yield message(channels.trouble(handoff.model_copy(update={"channel": channel})))


def captured(handoff: Handoff) -> Handoff:
    """The handoff with every row that came from a message, reviewed and not."""
    found: dict[str, Capture] = {}
    document = dict(handoff.document)
    for kind, place in rules.PLACES.items():
        content = handoff.content(place.section)
        rows = [row | {"id": f"{kind}{row['id']}"} for row in rows_of(handoff, place.section, place.field)]
        document[place.section] = content.model_copy(update={"values": content.values | {place.field: rows}})
        for number, row in enumerate(rows):
            link = "https://slack.example/archives/C1/p1" if number % 3 else ""
            found[row["id"]] = Capture(kind=kind, by=CSM, at=NOW, link=link, is_reviewed=number % 2 == 1)
    return handoff.model_copy(update={"captures": found, "document": document})


SOURCE = Source(channel="C" * 11, ts="1795424400.257842", link="https://slack.example/" + "x" * 200, said_by=wild(80))


def draw_capturing(handoff: Handoff) -> Iterator[Drawing]:
    """With no words and with the most there are, in the customer's channel and elsewhere."""
    many = [handoff.model_copy(update={"id": MILLIONTH + number}) for number in range(120)]
    for where, words in itertools.product((0, handoff.id), ("", wild(40_000))):
        about = Ref(handoff=where, source=SOURCE)
        yield view(captures.capture_view(many, PLAYBOOK, words, about))


def draw_details(handoff: Handoff) -> Iterator[Drawing]:
    """Each kind, with a word and with the most there are."""
    for kind, words in itertools.product(CaptureKind, ("?", wild(40_000))):
        is_asked = kind is CaptureKind.QUESTION
        values = {"words": words} if is_asked else rules.prefilled(PLAYBOOK, kind, words, SOURCE)
        here = Ref(handoff=handoff.id, source=SOURCE, choice=kind)
        yield view(captures.details_view(handoff, PLAYBOOK, kind, values, AE, here))


def draw_filed(handoff: Handoff) -> Iterator[Drawing]:
    """What the card's thread says of a draft."""
    filed = [event for event in life(handoff.customer) if isinstance(event, rules.MessageCaptured) and event.is_draft]
    for event in filed:
        yield message(captures.filed(event, handoff, line(event, PLAYBOOK)))


def one(drawing: Drawing) -> Iterator[Drawing]:
    """A single picture."""
    yield drawing


def settled() -> Iterator[tuple[Preferences, Team, str, date]]:
    """What people may have settled, from nothing to everything."""
    back = TODAY + timedelta(days=9)
    full = Preferences(workdays=tuple(range(7)), country="DE-BY", any_hour=True, away_until=back, cover=CSM)
    full = full.model_copy(update={"quiet_from": time(20), "quiet_to": time(7), "day_starts": time(6, 30)})
    yield Preferences(), Team(), "UTC", TODAY
    yield full, FULL_TEAM, "America/Argentina/ComodRivadavia", TODAY
    yield Preferences(country="", away_until=back), Team(country="DE"), wild(300), TODAY


EVERYBODY = (AE, CSM, SE, *TEAM.leaders)


def times(handoff: Handoff) -> Iterator[Handoff]:
    """The handoff as it is, with every step noted, and with every deadline of the practice in one state of its life."""
    before, later = NOW - timedelta(days=9), NOW + timedelta(days=1)
    fresh = Awaited(started_at=before)
    told = {"missed_at": before, "rung": 4, "ladder_of": AE, "told_at": dict.fromkeys(EVERYBODY, before)}
    states = (
        fresh,
        fresh.model_copy(update=told | {"snooze": Snooze(until=later, by=AE)}),
        fresh.model_copy(update=told | {"pause": Pause(reason=wild(500), by=AE, since=before, until=later)}),
        fresh.model_copy(update=told | {"pauses": ((before, before + timedelta(hours=1)),) * 9, "reassigned_to": SE}),
        fresh.model_copy(update={"met_at": NOW, "met_by": AE}),
    )
    noted = {step: Done(by=AE, at=NOW) for step in Fact if step.is_noted and step is not Fact.PHASE_OVER}
    yield handoff
    yield handoff.model_copy(update={"steps": noted, "phase": 1})
    asked = questioned(handoff)
    waiting = {number: Awaited(started_at=NOW, round=one.round) for number, one in asked.questions.items()}
    yield asked.model_copy(update={"awaited": {f"answer_question.{number}": one for number, one in waiting.items()}})
    for state in states:
        awaited = {rule.id: state for rule in PLAYBOOK.deadlines}
        yield handoff.model_copy(update={"awaited": awaited, "expected_close": TODAY})


def watched(handoff: Handoff) -> list[Watch]:
    """Its deadlines, among colleagues of whom nothing is known."""
    return watches(handoff, PLAYBOOK, colleagues())


def sights(handoff: Handoff, count: int) -> list[Sight]:
    """The handoff as a list shows it, so many times."""
    return [Sight(handoff, PLAYBOOK, watched(handoff), NOW)] * count


def fitting(handoff: Handoff, count: int) -> Suggestion:
    """A CSM with so many handoffs, of whom everything can be said."""
    return Suggestion(CSM, wild(80), wild(80), count=count, load=count * 1.5, apart=5.5, industry=handoff.industry)


def draw_assigned(handoff: Handoff, *, sensitive: bool) -> Iterator[Drawing]:
    """What is told to who was named: with and without what happened before, and to somebody who has left again."""
    going_on = questioned(handoff)
    lately = list(life(wild(3000)))[-12:]
    for sight, reader in itertools.product(sights(going_on, 1), (CSM, SE, STRANGER)):
        yield message(owners.assigned(sight, reader, CS_LEADER, lately, sensitive=sensitive))
        yield message(owners.assigned(sight, reader, CS_LEADER, (), sensitive=sensitive))


def draw_reminders(handoff: Handoff) -> Iterator[Drawing]:
    """Reminders of one, five and forty things, for their owner, a leader and somebody else."""
    for one, count, reader in itertools.product(times(handoff), (1, 5, 40), (AE, *TEAM.leaders, SE)):
        found = itertools.islice(itertools.cycle(watched(one)), count)
        items = [Item(watch, fitting(handoff, number)) for number, watch in enumerate(found)]
        yield message(nudges.reminder(items, reader, NOW))
        yield message(nudges.reminder([replace(item, is_superseded=True) for item in items[:2]], reader, NOW))


def draw_mine(handoff: Handoff) -> Iterator[Drawing]:
    """What somebody owes: nothing, and everything many times."""
    yield message(nudges.mine([], AE, NOW, 0))
    for one in times(handoff):
        many = watched(one) * 3
        yield message(nudges.mine(many, AE, NOW, len(many)))


def moved(handoff: Handoff) -> Drawing:
    """The deal's form, asking about everything that would move."""
    typed = {"segment": "smb", "timing_model": "phased", "expected_close": "2026-12-24"}
    event = DealChanged(by=AE, at=NOW, segment="smb", timing_model="phased", expected_close=date(2026, 12, 24))
    return view(contracts.moving_view(handoff, PLAYBOOK, typed, shifts(event, handoff, PLAYBOOK, colleagues())))


ENDING = Team(channel_end=ChannelEnd.RENAME, channel_days=1)


def ended(handoff: Handoff) -> Iterator[Handoff]:
    """Not completed; and completed with each end of its channel, before and after it."""
    yield handoff
    ends = itertools.product((ChannelEnd.RENAME, ChannelEnd.ARCHIVE), (NOW, None))
    for end, at in ((ChannelEnd.KEEP, None), *ends):
        done = Completion(by=CSM, at=NOW, channel=end, channel_at=at)
        yield handoff.model_copy(update={"stage": Stage.COMPLETED, "completion": done})


def heard(handoff: Handoff) -> Handoff:
    """The handoff with all that a customer can have said."""
    sections = tuple(section.id for section in PLAYBOOK.sections)
    repeats = tuple(Repeat(sections=sections, words=handoff.customer, by=CSM, at=NOW) for _ in range(99))
    survey = Survey(score=1, words=handoff.customer, by=CSM, at=NOW)
    told = Done(by=CSM, at=NOW)
    return handoff.model_copy(update={"repeats": repeats, "heard": told, "survey": survey})


FULL_TEAM = Team(
    aes=tuple(f"U{n}" for n in range(100)), csms=(CSM,) * 3, cs_leader="U1", sales_leader="U2", digest_channel="C9"
)


def draw_homes(handoff: Handoff) -> Iterator[Drawing]:
    """Every tab with nothing, one thing, and more than it holds."""
    for one, count in itertools.product(times(handoff), (0, 1, 60)):
        for tab, draw in HOMES.items():
            asked = {"choice": one.stage.value, "seen": wild(60)} if count else {}
            standing = homes.Standing(AE, NOW, [*Tab], tab, homes.home_of(tab, page=3, **asked))
            yield view(homes.home_view(standing, draw(one, count, standing)))
    alone = homes.Standing(AE, NOW, [Tab.SALES], Tab.SALES, homes.home_of(Tab.SALES))
    yield view(homes.home_view(alone, tabs.beginning(is_guest=True)))


def home_of_sales(one: Handoff, count: int, standing: homes.Standing) -> list[Block]:
    """What is owed and asked, and the handoffs."""
    asked = [watch for watch in watched(one) if watch.rule.starts is Fact.QUESTION_ASKED][: tabs.FEW]
    to_do = [*due_at_home(one, count, standing), *tabs.asked_blocks(tabs.Owed(asked, len(asked) + count), NOW)]
    return [*(to_do if count else tabs.beginning(is_guest=False)), *listed(one, count, standing)]


def home_of_cs(one: Handoff, count: int, standing: homes.Standing) -> list[Block]:
    """What is to be reviewed, kept, done and prepared, and the customers."""
    owed = ((watch, commitment_of(one, watch.rule.item)) for watch in watched(one))
    promised = [(watch, known) for watch, known in owed if known][: tabs.FEW]
    return [
        *tabs.review_blocks(few(one, count)),
        *tabs.promise_blocks(promised, count, NOW),
        *(due_at_home(one, count, standing) if count else tabs.settled()),
        *tabs.prepare_blocks(few(one, count)),
        *listed(one, count, standing),
    ]


def home_of_team(one: Handoff, count: int, standing: homes.Standing) -> list[Block]:
    """What has no CSM, what slips, what is owed, and who has how much."""
    return [
        *tabs.unassigned_blocks(few(one, count), standing.ref),
        *tabs.slipping_blocks(few(one, count), standing.ref.model_copy(update={"choice": tabs.SLIPPING})),
        *due_at_home(one, count, standing),
        *tabs.load_blocks(
            [(CSM, Load(count, count / 2))] * count, {CSM: count} if count else {}, [CSM], may_settle=True
        ),
    ]


HOMES: dict[Tab, Callable[[Handoff, int, homes.Standing], list[Block]]] = {
    Tab.TEAM: home_of_team,
    Tab.CS: home_of_cs,
    Tab.SALES: home_of_sales,
    Tab.ADMIN: lambda _, count, _s: health.admin_blocks(FULL_TEAM if count else Team(), how_it_is(count)),
}


def few(one: Handoff, count: int) -> tabs.Part:
    """The first of `count` handoffs."""
    return tabs.Part(sights(one, min(count, tabs.FEW)), count)


def due_at_home(one: Handoff, count: int, standing: homes.Standing) -> list[Block]:
    """What somebody owes."""
    owed = [watch for watch in watched(one) if watch.is_owed][: tabs.FEW]
    return tabs.due_blocks("You owe", tabs.Owed(owed, count), standing)


def listed(one: Handoff, count: int, standing: homes.Standing) -> list[Block]:
    """A page of `count` handoffs."""
    part = tabs.Part(sights(one, min(count, tabs.PER_PAGE)), count, min(count, 1))
    listing = tabs.Listing(part, {one.stage: count} if count else {})
    return [tabs.headline(listing), *tabs.list_blocks("Your handoffs", listing, standing)]


def how_it_is(count: int) -> health.Health:
    """Well, or with `count` of every trouble."""
    since = NOW - timedelta(hours=count) if count else None
    ticked, missing = (NOW, ()) if count == 1 else (since, (wild(80),) if count else None)
    digest = since.date() if since else None
    return health.Health(NOW, count, since, count, ticked, count, missing, digest, count == 1)


def met(handoff: Handoff) -> Iterator[Brief]:
    """Before any meeting has a time, with both planned, with what became of them, and held."""
    full = {"place": wild(300), "attendees": EVERYBODY}
    ahead = {kind: planned(kind, **full) for kind in MeetingKind}
    ended = {kind: one.fell_through(end, NOW) for (kind, one), end in zip(ahead.items(), MeetingEnd, strict=True)}
    said = dict.fromkeys(MeetingKind, Minutes(notes=wild(3000), decisions=wild(3000), by=AE, at=NOW))
    steps = {kind.held: Done(by=AE, at=NOW) for kind in MeetingKind}
    for facts in ({}, {"meetings": ahead}, {"meetings": ended}, {"meetings": ahead, "minutes": said, "steps": steps}):
        yield Brief(handoff.model_copy(update=facts), PLAYBOOK, colleagues())


def each_meeting(handoff: Handoff, draw: Callable[[Brief, MeetingKind], View | list[Block]]) -> Iterator[Drawing]:
    """One picture of each meeting, however it stands."""
    for brief, kind in itertools.product(met(handoff), MeetingKind):
        drawn = draw(brief, kind)
        yield message(drawn) if isinstance(drawn, list) else view(drawn)


def draw_evidence(handoff: Handoff) -> Iterator[Drawing]:
    """What is behind each figure."""
    sections = {section.id: handoff.customer for section in PLAYBOOK.sections}
    each = itertools.product(Metric, evidences(handoff.customer))
    for report, (metric, found) in zip(itertools.cycle(reports()), each, strict=False):
        yield view(evidence.evidence_view(report, metric, found, sections))


def draw_breakdowns(handoff: Handoff) -> Iterator[Drawing]:
    """By everything there is, with nobody, with a few, and with more than a message holds."""
    for report, (by, count) in zip(itertools.cycle(reports()), itertools.product(By, (0, 2, 60)), strict=False):
        rows = [(Slice(by, handoff.customer[:80] if by is By.TEAM else CSM), 10**6, report.figures)] * count
        yield message(breakdowns.breakdown_blocks(report.period, report.of, by, [*rows, *rows[:1]]))


def draw_choices(handoff: Handoff) -> Iterator[Drawing]:
    """The form, with many slices and with none."""
    teams = {f"{number}{handoff.customer[:70]}": handoff.customer for number in range(60)}
    for named, ref in (
        ({By.TEAM: teams, By.SEGMENT: {"smb": "SMB"}}, Ref(period="2026-11-01..2026-11-30", by="csm", key=CSM)),
        ({}, Ref()),
    ):
        drawn = breakdowns.choose_view(named, may_see_people=bool(named), ref=ref, over_figures=bool(named))
        yield view(drawn)
        yield view(kit.with_words(kit.with_words(drawn, handoff.customer[:200]), "Press again."))


GALLERY: dict[str, Callable[[Handoff, bool], Iterator[Drawing]]] = {
    "card": lambda h, s: (message(cards.card(t, PLAYBOOK, TEAM, watched(t), NOW)) for t in (*times(h), captured(h))),
    "trouble": lambda h, s: troubled(h),
    "invite_refused": lambda h, s: (
        message(channels.invite_refused(h, AE, error)) for error in ("cant_invite", wild(300))
    ),
    "sign_view": lambda h, s: one(view(contracts.sign_view(h, TODAY))),
    "deal_view": lambda h, s: one(view(contracts.deal_view(h, PLAYBOOK))),
    "moving_view": lambda h, s: (moved(t) for t in times(h)),
    "deadlines_view": lambda h, s: (
        view(deadlines.deadlines_view(t, PLAYBOOK, watched(t), AE, NOW, may_act=may))
        for t in times(h)
        for may in (str.isascii, str.isspace)  # everything, as ids are; and nothing
    ),
    "snooze_view": lambda h, s: (view(waits.snooze_view(ref(h), one, NOW)) for one in watched(h)),
    "wait_view": lambda h, s: (view(waits.wait_view(ref(h), one, TODAY)) for one in watched(h)),
    "reassign_view": lambda h, s: (view(waits.reassign_view(ref(h), one, "CSM")) for one in watched(h)),
    "reminder": lambda h, s: draw_reminders(h),
    "mine": lambda h, s: draw_mine(h),
    "questions_view": lambda h, s: draw_questions(h, sensitive=s),
    "ask_view": lambda h, s: (
        view(questions.ask_view(h, PLAYBOOK, ref(h, section=section, page=9), reader, sensitive=s))
        for section, reader in (("", AE), ("stakeholders", CSM))
    ),
    "answer_view": lambda h, s: each_question(h, s, lambda t, q: questions.answer_view(q, PLAYBOOK, ref(t))),
    "ask_again_view": lambda h, s: each_question(h, s, lambda t, q: questions.ask_again_view(q, PLAYBOOK, ref(t))),
    "pass_view": lambda h, s: each_question(h, s, lambda t, q: questions.pass_view(q, t, PLAYBOOK, ref(t))),
    "question": lambda h, s: draw_asking(h, sensitive=s),
    "answer": lambda h, s: draw_answering(h, sensitive=s),
    "promises_view": lambda h, s: draw_promises(h),
    "promise_view": lambda h, s: each_promise(h, draw_promise_view),
    "verdict_view": lambda h, s: each_promise(h, lambda t, p: iter([promises.verdict_view(t, p, ref(t, row=p.id))])),
    "close_view": lambda h, s: each_promise(h, lambda t, p: iter([promises.close_view(p, ref(t, row=p.id))])),
    "change_view": lambda h, s: each_promise(h, lambda t, p: iter([promises.change_view(t, p, ref(t, row=p.id))])),
    "promise": lambda h, s: each_promise(
        h, lambda t, p: (promises.promise(t, found, reader) for found in (p, None) for reader in (CSM, SE, AE))
    ),
    "promises_blocks": lambda h, s: draw_across(h),
    "escalate_view": lambda h, s: (
        view(escalations.escalate_view(one, leaders, may_decide=bool(leaders)))
        for one, leaders in itertools.product((h, escalated(h)), (TEAM.leaders, ()))
    ),
    "escalation": lambda h, s: draw_escalations(h),
    "escalated_view": lambda h, s: (view(escalations.escalated_view(who)) for who in (TEAM.leaders, ("U1",), ())),
    "decide_view": lambda h, s: each_escalation(h, lambda t, e: escalations.decide_view(t, e, ref(t)), is_open=True),
    "decision": lambda h, s: each_escalation(h, escalations.decision, is_open=False),
    "meetings_view": lambda h, s: (
        view(meetings.meetings_view(brief, now, may_act=may))
        for brief, now, may in itertools.product(met(h), (NOW, NOW + timedelta(days=9)), (True, False))
    ),
    "schedule_view": lambda h, s: each_meeting(
        h, lambda b, kind: meetings.schedule_view(b, ref(h, meeting=kind.value), kind, NOW, EVERYBODY)
    ),
    "held_view": lambda h, s: each_meeting(
        h, lambda b, kind: meetings.held_view(b.handoff, PLAYBOOK, ref(h), kind, may_survey=s)
    ),
    "end_view": lambda h, s: (
        view(meetings.end_view(h, PLAYBOOK, ref(h), kind, end)) for kind in MeetingKind for end in MeetingEnd
    ),
    "contact_view": lambda h, s: (view(meetings.contact_view(brief.handoff, ref(h), NOW)) for brief in met(h)),
    "people_view": lambda h, s: one(view(meetings.people_view(h, PLAYBOOK))) if s else iter(()),
    "introduction_view": lambda h, s: (
        view(introductions.introduction_view(brief.handoff, PLAYBOOK, lambda _: wild(80))) for brief in met(h)
    ),
    "pack": lambda h, s: each_meeting(h, lambda b, kind: meetings.pack(b, f"{kind}.1")),
    "soon": lambda h, s: each_meeting(h, lambda b, kind: meetings.soon(b, f"{kind}.0")),
    "over": lambda h, s: each_meeting(h, lambda b, kind: meetings.over(b, f"{kind}.0")),
    "gaps_view": lambda h, s: (view(completion.gaps_view(t, PLAYBOOK, [*Gap])) for t in times(h)),
    "complete_view": lambda h, s: (view(completion.complete_view(h, team)) for team in (Team(), ENDING, FULL_TEAM)),
    "completed": lambda h, s: (message(completion.completed(h, reader)) for reader in (h.ae, CSM)),
    "farewell": lambda h, s: (message(completion.farewell(t, f"{NOW.timestamp():.3f}", stands=True)) for t in ended(h)),
    "feedback_view": lambda h, s: (view(completion.feedback_view(t, PLAYBOOK)) for t in (h, heard(h))),
    "survey_view": lambda h, s: (view(surveys.survey_view(t, PLAYBOOK)) for t in (h, heard(h))),
    "silence": lambda h, s: (message(fades.silence(t, PLAYBOOK, t.ae)) for t in times(h)),
    "capture_view": lambda h, s: draw_capturing(h),
    "details_view": lambda h, s: draw_details(h),
    "filed": lambda h, s: draw_filed(h),
    "cancel_view": lambda h, s: one(view(contracts.cancel_view(h, PLAYBOOK))),
    "sections_view": lambda h, s: one(view(documents.sections_view(h, PLAYBOOK))),
    "missing_view": lambda h, s: (
        view(documents.missing_view(one, PLAYBOOK, missing_fields(PLAYBOOK, one))) for one in (h, captured(h))
    ),
    "section_view": lambda h, s: draw_sections(h, sensitive=s),
    "row_view": lambda h, s: draw_rows(h),
    "reading": lambda h, s: draw_reading(h, sensitive=s),
    "history_view": lambda h, s: draw_history(h, sensitive=s),
    "help_blocks": lambda h, s: one(message(finding.help_blocks())),
    "status_blocks": lambda h, s: (message(finding.status_blocks(*sights(t, 1))) for t in times(h)),
    "list_blocks": lambda h, s: (
        message(finding.list_blocks(sights(t, n), me, 1, 99))
        for t in times(h)
        for n, me in ((0, AE), (finding.PER_PAGE, AE), (finding.PER_PAGE, "U0"))
    ),
    "home_view": lambda h, s: draw_homes(h),
    "owners_view": lambda h, s: one(view(owners.owners_view(h, VIEW))),
    "assign_view": lambda h, s: (
        view(owners.assign_view(h, [fitting(h, count) for count in range(most)])) for most in (0, 9)
    ),
    "who_view": lambda h, s: one(view(owners.who_view(sights(h, 1)[0], colleagues()))),
    "assigned": lambda h, s: draw_assigned(h, sensitive=s),
    "thanked": lambda h, s: (message(owners.thanked(h, reader, "csm")) for reader in (CSM, STRANGER)),
    "responsibilities": lambda h, s: (message(responsibilities(PLAYBOOK, one)) for one in (h, None)),
    "accept_view": lambda h, s: one(view(reviews.accept_view(h, PLAYBOOK, CSM))),
    "return_view": lambda h, s: one(view(reviews.return_view(h, PLAYBOOK))),
    "review_request": lambda h, s: (message(reviews.review_request(h, PLAYBOOK, n, h.csm or "")) for n in (1, 2)),
    "returned": lambda h, s: (message(reviews.returned(h, PLAYBOOK, n, h.ae)) for n in (1, 2)),
    "accepted": lambda h, s: one(message(reviews.accepted(h))),
    "setup_view": lambda h, s: (view(setups.setup_view(*how)) for how in ((Team(), ()), (FULL_TEAM, aside()))),
    "set_aside": lambda h, s: one(message(setups.set_aside(aside()))),
    "settings_view": lambda h, s: (view(preferences.settings_view(*how)) for how in settled()),
    "away_view": lambda h, s: (
        view(preferences.away_view(how[0], TODAY, back)) for how in settled() for back in (None, TODAY)
    ),
    "settled_view": lambda h, s: (view(preferences.settled_view(preferences.away_words(how[0]))) for how in settled()),
    "figure_blocks": lambda h, s: (message(metrics.figure_blocks(report)) for report in reports()),
    "compact_blocks": lambda h, s: (message(metrics.compact_blocks(report)) for report in reports()),
    "metrics_blocks": lambda h, s: (message(metrics.metrics_blocks(report)) for report in reports()),
    "late_blocks": lambda h, s: (
        message(metrics.late_blocks(told.period, told.of, by)) for told in reports() for by in (None, By.CSM)
    ),
    "brief": lambda h, s: (message(metrics.brief(report)) for report in reports()),
    "digest_blocks": lambda h, s: (
        message(digests.digest_blocks(week, NOW, charts=charts)) for week in news() for charts in (True, False)
    ),
    "detail_blocks": lambda h, s: (
        message(digests.detail_blocks(week.report, some, some)) for week in news() for some in everybody()
    ),
    "announced": lambda h, s: (
        message(digests.announced(team, last_slot(team, NOW), may_settle=sees))
        for team, sees in itertools.product((Team(), FULL_TEAM), (True, False))
    ),
    "preview": lambda h, s: (message(digests.preview([], week.report.period)) for week in news()),
    "line_chart": lambda h, s: one(message([charts.line_chart(h.customer, ["A"], {h.customer: [1]})])),
    "bar_chart": lambda h, s: one(message([charts.bar_chart(h.customer, ["A"], {h.customer: [1]})])),
    "table": lambda h, s: one(message([charts.table(("A", h.customer), ("", 1), bold=[1])])),
    "lessons_blocks": lambda h, s: (
        message(lessons.lessons_blocks(learnt, NOVEMBER, confidential=s)) for learnt in month_of_lessons()
    ),
    "evidence_view": lambda h, s: draw_evidence(h),
    "breakdown_blocks": lambda h, s: draw_breakdowns(h),
    "choose_view": lambda h, s: draw_choices(h),
    "start_view": lambda h, s: (view(starts.start_view(PLAYBOOK, told(h), live, ref(h))) for live in (None, h)),
    "deals_view": lambda h, s: (view(drawn) for drawn in draw_deals(h)),
    "teams_view": lambda h, s: (view(drawn) for drawn in draw_teams(h)),
    "import_view": lambda h, s: one(view(imports.import_view(ref(h)))),
    "being_read": lambda h, s: one(view(imports.being_read())),
    "report_blocks": lambda h, s: draw_import(h),
}
