"""Meetings: scheduling and moving them, saying how they went, the introduction's draft, and the first contact."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from blocks import meetings as pictures
from blocks.agendas import Brief
from blocks.ids import Id, Ref
from blocks.introductions import introduction_view
from blocks.kit import View
from bot import deals, meetings
from bot.events import Event
from bot.handoffs import Handoff
from bot.permissions import Act, may, may_see_sensitive
from bot.records import MeetingEnd, MeetingKind
from bot.refusals import Refusal
from bot.timing import Fact
from handlers import deadlines
from handlers.pages import above, page, redraw_below
from handlers.requests import Click, Form, Request
from handlers.surveys import told
from store.work import Work


async def open_list(request: Request) -> None:
    """Show both meetings and the first contact."""
    await request.open(await list_page(request))


@page(Id.MEETINGS_OPEN)
async def list_page(request: Request) -> View:
    """How the meetings stand."""

    def draw(work: Work, handoff: Handoff) -> View:
        may_act = may(Act.CHANGE, request.user, handoff, work.settings())
        return pictures.meetings_view(brief(work, handoff), request.now, may_act=may_act)

    return await request.look(Act.READ, draw)


def brief(work: Work, handoff: Handoff) -> Brief:
    """What a meeting is about."""
    return Brief(handoff, work.playbook(handoff), work.colleagues(handoff))


async def note(click: Click) -> None:
    """A step outside of Baton is done; of some a form asks how it went."""
    form = _FORMS.get(click.ref.choice)
    await (form or deadlines.note)(click)


# -- scheduling


async def open_schedule(click: Click) -> None:
    """Ask for the time; what is planned is moved."""
    kind = MeetingKind(click.ref.meeting)

    def draw(work: Work, handoff: Handoff) -> View:
        meetings.refuse_unless_schedulable(handoff, kind)
        plan, standing = work.playbook(handoff).meeting(kind), meetings.planned(handoff, kind)
        colleagues = work.colleagues(handoff)
        attendees = standing.attendees if standing else meetings.invited(plan, handoff, colleagues.team)
        owners = [colleagues.calendar(user) for user in (handoff.ae, handoff.csm) if user]
        hour = meetings.common_hour(owners, timedelta(minutes=plan.lengths[0]), click.now)
        at = standing.at if standing and standing.at > click.now else hour
        return pictures.schedule_view(brief(work, handoff), _as_seen(click, handoff, kind), kind, at, attendees)

    await click.open(await click.look(Act.CHANGE, draw))


async def schedule(form: Form) -> None:
    """It has a time; the pack and the invitation go into the channel."""

    def rule(work: Work, handoff: Handoff) -> Event | None:
        typed = form.answers
        deals.refuse_unfit(("attendees", work.person(user)) for user in typed.get("attendees", "").split(",") if user)
        plan, at, seen = (
            work.playbook(handoff).meeting(MeetingKind(form.ref.meeting)),
            _moment(typed.get("at")),
            form.ref.sequence,
        )
        return meetings.schedule(handoff, plan, typed, at, seen=seen, by=form.user, now=form.now)

    await form.change(Act.CHANGE, rule)
    await redraw_below(form)


def _as_seen(click: Click, handoff: Handoff, kind: MeetingKind) -> Ref:
    """What the form is about, and the meeting as it stands there."""
    return above(click).model_copy(update={"sequence": meetings.sequence_of(handoff, kind)})


# -- how it went


async def open_held(click: Click) -> None:
    """Ask what was said and decided."""
    kind = next(kind for kind in MeetingKind if kind.held == click.ref.choice)

    def draw(work: Work, handoff: Handoff) -> View:
        team = work.settings()
        meetings.refuse_unless_holdable(handoff, kind, is_leader=click.user in team.leaders, now=click.now)
        ref = above(click).model_copy(update={"meeting": kind.value})
        may_survey = may(Act.SURVEY, click.user, handoff, team)
        return pictures.held_view(handoff, work.playbook(handoff), ref, kind, may_survey=may_survey)

    await click.open(await click.look(_act(kind), draw))


async def hold(form: Form) -> None:
    """It was held; of the introduction, with what the customer had to explain again."""
    kind = MeetingKind(form.ref.meeting)

    def rule(work: Work, handoff: Handoff) -> list[Event]:
        is_leader = form.user in work.settings().leaders
        held = meetings.hold(handoff, kind, form.answers, by=form.user, is_leader=is_leader, now=form.now)
        return [held, *told(work, held.change(handoff), form)]

    await form.change(_act(kind), rule)
    await redraw_below(form)


def _act(kind: MeetingKind) -> Act:
    return Act.INTRODUCE if kind is MeetingKind.INTRODUCTION else Act.CHANGE


async def open_end(click: Click) -> None:
    """Ask why it does not take place."""
    kind, end = MeetingKind(click.ref.meeting), _ENDS[click.action]

    def draw(work: Work, handoff: Handoff) -> View:
        ref = _as_seen(click, handoff, kind)
        meetings.fall_through(
            handoff, kind, end, "", seen=ref.sequence, by=click.user, now=click.now
        )  # or refuse at once
        return pictures.end_view(handoff, work.playbook(handoff), ref, kind, end)

    await click.open(await click.look(Act.CHANGE, draw))


async def fall_through(form: Form) -> None:
    """It does not take place."""
    kind, end, words = MeetingKind(form.ref.meeting), _ENDS[form.callback], form.answers.get("notes", "")

    def rule(_: Work, handoff: Handoff) -> Event:
        seen = form.ref.sequence
        return meetings.fall_through(handoff, kind, end, words, seen=seen, by=form.user, now=form.now)

    await form.change(Act.CHANGE, rule)
    await redraw_below(form)


_ENDS: dict[str, MeetingEnd] = {
    Id.NO_SHOW_OPEN: MeetingEnd.NO_SHOW,
    Id.NO_SHOW_SAVE: MeetingEnd.NO_SHOW,
    Id.CALL_OFF_OPEN: MeetingEnd.CALLED_OFF,
    Id.CALL_OFF_SAVE: MeetingEnd.CALLED_OFF,
}


async def open_people(click: Click) -> None:
    """People and politics, which are not for everybody in the channel."""

    def draw(work: Work, handoff: Handoff) -> View:
        if not may_see_sensitive(click.user, handoff, work.settings()):
            raise Refusal("People and politics are for the AE, the CSM and their leaders only.")
        return pictures.people_view(handoff, work.playbook(handoff))

    await click.open(await click.look(Act.READ, draw))


async def follow_link(_: Click) -> None:
    """The browser opens the calendar; Slack tells of it all the same."""


# -- introduction and first contact


async def open_introduction(request: Request) -> None:
    """Draft the warm introduction."""

    def draw(work: Work, handoff: Handoff) -> View:
        meetings.refuse_unless_schedulable(handoff, MeetingKind.INTRODUCTION)

        def name(user: str) -> str:
            person = work.person(user)
            return person.name if person else user

        return introduction_view(handoff, work.playbook(handoff), name)

    await request.open(await request.look(Act.CHANGE, draw))


async def open_contact(request: Request) -> None:
    """Ask when and how the customer was contacted."""

    def draw(work: Work, handoff: Handoff) -> View:
        meetings.refuse_unless_contactable(handoff, work.playbook(handoff))
        return pictures.contact_view(handoff, above(request), request.now)

    await request.open(await request.look(Act.CHANGE, draw))


async def contact(form: Form) -> None:
    """The customer was contacted."""
    typed = form.answers
    how = (_moment(typed.get("at")), typed.get("way", ""), typed.get("reason", ""))

    def rule(work: Work, handoff: Handoff) -> Event:
        return meetings.contact(handoff, work.playbook(handoff), *how, by=form.user, now=form.now)

    await form.change(Act.CHANGE, rule)
    await redraw_below(form)


_FORMS: dict[str, Callable[[Click], Awaitable[None]]] = {
    Fact.INTERNAL_MEETING_HELD: open_held,
    Fact.INTRODUCTION_DONE: open_held,
    Fact.FIRST_CONTACT: open_contact,
}


def _moment(picked: str | None) -> datetime | None:
    return datetime.fromtimestamp(int(picked), UTC) if picked else None
