"""The weekly digest: posted once for each week, shown before it comes, and told to each leader in more detail."""

from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from blocks import digests as pictures
from blocks.kit import Block
from bot.assignments import load_of
from bot.digests import (
    Line,
    News,
    Risk,
    Slot,
    Some,
    Uncontacted,
    due_slot,
    is_news,
    month_told,
    patterns_of,
    today,
    week_before,
)
from bot.errands import Errand, Kind, Picture, draw
from bot.escalations import open_escalations
from bot.handoffs import Handoff, Stage
from bot.metrics import By, Report, Tally
from bot.permissions import demand_overview
from bot.playbook import label_of
from bot.refusals import Refusal
from bot.teams import Team
from bot.timing import Choice, DeadlineRule, Fact
from handlers.delivery import Job
from handlers.posting import Drawn, found, post
from handlers.requests import Command, Desk
from handlers.slack import Refused
from handlers.workspaces import known_person
from store import digests, figures, homes, queries
from store.queries import Message
from store.work import Work

_FEW = 3
_MOST_RISKS = 5
_NO_CHARTS = {"invalid_blocks", "invalid_blocks_format", "invalid_arguments"}
_SHARED = "is_ext_shared"  # as Slack says that another company reads a channel
LANE = "digest"


# -- once a week


async def post_due(desk: Desk) -> None:
    """Begin the digest of each workspace whose hour has come; of a week once, whoever else looks at the same moment."""
    now = desk.clock.now()
    for team_id, team in await desk.store.database.read(digests.settled_teams):
        slot = due_slot(team, now)
        if slot and not await desk.store.read(team_id, partial(digests.is_begun, slot=slot)):
            await desk.store.commit(team_id, partial(_begin, team=team, slot=slot, now=now))


def _begin(work: Work, team: Team, slot: Slot, now: datetime) -> None:
    last = queries.last_digest(work, slot.day)
    if digests.begin(work, slot):
        errands = [draw(Picture.DIGEST_DETAIL, leader, slot.edition) for leader in dict.fromkeys(team.leaders)]
        if month := month_told(slot, date.fromisoformat(last.edition) if last else None):
            people = dict.fromkeys((*team.leaders, *queries.admins(work)))
            errands += [draw(Picture.LESSONS, person, month) for person in people]
        work.post([Errand(Kind.SEND_DIGEST, LANE, {"edition": slot.edition}), *errands], now)


async def send(job: Job) -> None:
    """Post the digest of one week where the digests go now, while it is news.

    An attempt whose answer was lost is looked for first, where they went then.
    """
    edition = job.entry.about["edition"]
    begun: Message
    key = (Picture.DIGEST, "", edition)
    team, begun = await job.read(lambda work: (work.settings(), queries.message_of(work, 0, *key)))
    if begun.ts:
        return
    posted, channel = await found(job, begun.channel) if begun.channel else None, team.digest_channel
    if not posted and channel and is_news(team, date.fromisoformat(edition), job.now):
        await _keep(job, replace(begun, channel=channel))
        await _refuse_shared(job, channel)
        posted = await _post(job, channel, edition)
    if posted:
        await _keep(job, replace(begun, channel=posted["channel"], ts=posted["ts"]))


async def _keep(job: Job, message: Message) -> None:
    await job.commit(lambda work: queries.keep_message(work, 0, message))


async def _refuse_shared(job: Job, channel: str) -> None:
    """What is told of customers is not for another company."""
    info = await job.call(job.client.conversations_info, channel=channel)
    if info["channel"].get(_SHARED):
        raise Refused(_SHARED)


async def _post(job: Job, channel: str, edition: str) -> dict[str, Any] | None:
    """Post it with its charts; with a table in their place where Slack refuses those."""
    news = await _news_of(job, edition)
    try:
        return await _into(job, channel, pictures.digest_blocks(news, job.now, charts=True), news)
    except Refused as refused:
        if refused.code not in _NO_CHARTS:
            raise
    return await _into(job, channel, pictures.digest_blocks(news, job.now, charts=False), news)


async def _into(job: Job, channel: str, blocks: list[Block], news: News) -> dict[str, Any] | None:
    """Into the channel; a public one is joined first where Baton is no member."""
    text = pictures.digest_text(news)
    try:
        return await post(job, channel, blocks, text)
    except Refused as refused:
        if refused.code != "not_in_channel":
            raise
        with suppress(Refused):  # then the post is refused as before, and an admin hears of that
            await job.call(job.client.conversations_join, channel=channel)
    return await post(job, channel, blocks, text)


async def _news_of(job: Job, edition: str) -> News:
    team = await job.read(lambda work: work.settings())
    period = week_before(date.fromisoformat(edition), team.zone)
    report = await job.read(lambda work: figures.report(work, period, None, job.now))
    news: News = await job.read(lambda work: _news(work, report, job.now))
    return news


# -- what it tells


def _news(work: Work, report: Report, now: datetime) -> News:
    period, playbook = report.period, work.playbook()
    promises = work.rules_from(Fact.PROMISED)
    missed = digests.counted(work, "DeadlineMissed", "deadline", period)
    returned = digests.counted(work, "HandoffReturned", "reason", period)
    thanks, thanked = digests.thanks(work, period)
    uncontacted, waiting = digests.uncontacted(work, report.yardstick)
    return News(
        report=report,
        missed=_some(missed, playbook.deadlines),
        returned=_some(returned, playbook.return_reasons),
        patterns=patterns_of(
            report,
            cold=digests.cold_contacts(work, period),
            unprepared=digests.unprepared(work, period),
            assumed=digests.champions_assumed(work, period),
            forgotten=sum(missed[kind] for kind in promises),
            gone=digests.disappearances(work, period),
            copied=digests.copies(work, period),
        ),
        promises=digests.overdue_promises(work, promises, now),
        uncontacted=[_with_names(work, one) for one in uncontacted],
        waiting=waiting,
        risks=_risks(work, now, {one.customer for one in uncontacted}),
        thanks=thanks,
        thanked=thanked,
        ageing=digests.ageing(work, now),
    )


def _some(counts: Counter[str], choices: Iterable[Choice | DeadlineRule]) -> Some:
    known = list(choices)
    told = sorted(((label_of(known, kind), count) for kind, count in counts.items()), key=lambda one: (-one[1], one[0]))
    return Some(told[:_FEW], counts.total())


def _with_names(work: Work, one: Uncontacted) -> Uncontacted:
    """With names for the ids: the channel is told of them, but nobody is called."""
    return replace(one, ae=_name(work, one.ae), csm=_name(work, one.csm))


def _name(work: Work, user: str) -> str:
    person = work.person(user)
    return person.name if person else user


def _risks(work: Work, now: datetime, told: Collection[str]) -> list[Risk]:
    """Besides those of the customers `told` of, unless leaders have to decide something."""
    handoffs = (work.handoff(handoff_id) for handoff_id in digests.at_risk(work, now))
    risks = [_risk(work, handoff, now) for handoff in handoffs if handoff.stage is not Stage.CANCELLED]
    wrong = [risk for risk in risks if risk.escalations or (risk.overdue and risk.customer not in told)]
    return sorted(wrong, key=lambda one: (-one.escalations, -one.overdue, -one.late))[:_MOST_RISKS]


def _risk(work: Work, handoff: Handoff, now: datetime) -> Risk:
    owed = [] if handoff.completion else [watch for watch in work.watches(handoff) if watch.is_owed]
    late = [(now - due, watch) for watch in owed if (due := watch.due(now)) and due < now]
    risk = Risk(handoff.customer, handoff.channel_id, len(open_escalations(handoff)), len(late))
    if not late:
        return risk
    longest, watch = max(late, key=lambda one: one[0])
    rules = work.playbook(handoff).rules(handoff.timing_model)
    label = label_of(rules, watch.rule.id.partition(".")[0])  # without the words of a question or a promise
    role = next((role for role in ("ae", "csm", "se") if getattr(handoff, role) == watch.owner), "")
    return replace(risk, first=label, role=role, owner=_name(work, watch.owner), late=longest)


# -- for the leaders


def detail(work: Work, about: Message, now: datetime) -> Drawn | None:
    """To a leader, if that is one still: what each person did in the week."""
    team, day = work.settings(), date.fromisoformat(about.edition)
    if about.recipient not in team.leaders or not is_news(team, day, now):
        return None
    report = figures.report(work, week_before(day, team.zone), None, now)
    blocks = pictures.detail_blocks(report, _csms(work, report, now), _aes(work, report, now))
    return blocks, f"Handoffs by person, {report.period.title}"


def _csms(work: Work, report: Report, now: datetime) -> list[Line]:
    tallies = _tallies(work, report, By.CSM)
    people = _named(work, (*work.settings().csms, *tallies))
    late, desks = homes.overdue_of(work, list(people), now), queries.tallies(work, people, "")
    playbook = work.playbook()
    return [
        Line(one, name, tallies.get(one, Tally()), late.get(one, 0), weight=load_of(one, desks, playbook).weight)
        for one, name in people.items()
    ]


def _aes(work: Work, report: Report, now: datetime) -> list[Line]:
    tallies, returned = _tallies(work, report, By.AE), digests.returned_by_ae(work, report.period)
    late = digests.overdue_by_owner(work, work.rules_from(Fact.QUESTION_ASKED), now)
    people = _named(work, (*work.settings().aes, *tallies, *returned))
    return [
        Line(one, name, tallies.get(one, Tally()), late.get(one, 0), returned=returned.get(one, 0))
        for one, name in people.items()
    ]


def _tallies(work: Work, report: Report, by: By) -> dict[str, Tally]:
    found = figures.tallies(work, [report.period], report.yardstick, by=by)
    return {person: week for person, (week,) in found.items() if person}


def _named(work: Work, people: Iterable[str]) -> dict[str, str]:
    """Each person's name, by the alphabet: this is no ranking."""
    names = {one: _name(work, one) for one in dict.fromkeys(people)}
    return dict(sorted(names.items(), key=lambda one: one[1].casefold()))


# -- before it comes


async def answer(command: Command, rest: str) -> tuple[list[Block], str]:
    """`/handoff digest`: when the next one comes; `… preview`: how it looks now."""
    person, now = await known_person(command.desk, command.team, command.user), command.now
    team = await command.read(lambda work: work.settings())
    demand_overview(person, team)
    if not rest:
        slot = await command.read(lambda work: digests.next_slot(work, team, now))
        return pictures.announced(team, slot, may_settle=person.is_admin), "The next digest"
    if rest.lower() != "preview":
        raise Refusal("Try `/handoff digest` for when the next one comes, or `/handoff digest preview` to see it.")
    period = week_before(today(team, now) + timedelta(days=1), team.zone)  # today, too
    report = await command.read(lambda work: figures.report(work, period, None, now))
    news = await command.read(lambda work: _news(work, report, now))
    blocks = pictures.digest_blocks(news, now, charts=False)  # Slack may refuse charts in what only one person sees
    return pictures.preview(blocks, period), "Preview of the digest"
