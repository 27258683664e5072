"""The learning loop: each month to the leaders and the admins, and whenever they ask."""

from datetime import datetime

from blocks.kit import Block
from blocks.lessons import lessons_blocks, lessons_text
from bot.lessons import Lesson, lessons_of
from bot.periods import Period, read_period
from bot.permissions import demand_overview
from bot.refusals import Refusal
from handlers.posting import Drawn
from handlers.requests import Command
from handlers.workspaces import known_person
from store import figures, lessons
from store.queries import Message
from store.work import Work

_USUAL = "month"  # the last whole one
_MOST_DAYS = 31


def monthly(work: Work, about: Message, now: datetime) -> Drawn | None:
    """To a leader or an admin, if the person is one still: the month that is the message's edition."""
    team, person = work.settings(), work.person(about.recipient)
    is_leader = about.recipient in team.leaders
    if not is_leader and (person is None or not person.is_admin):
        return None
    period = read_period(about.edition, now, team.zone)
    learnt = _learnt(work, period, now)
    return lessons_blocks(learnt, period, confidential=is_leader), lessons_text(learnt, period)


async def answer(command: Command, rest: str) -> tuple[list[Block], str]:
    """`/handoff lessons [month]`."""
    person = await known_person(command.desk, command.team, command.user)

    def draw(work: Work) -> tuple[list[Block], str]:
        team = work.settings()
        demand_overview(person, team, "The lessons are")
        period = read_period(rest or _USUAL, command.now, team.zone)
        if (period.end - period.first).days > _MOST_DAYS:
            raise Refusal("Lessons are of a month at most, as in `/handoff lessons 2026-10`.")
        if period.starts_at > command.now:
            raise Refusal(f"{period.title} has not begun yet, so there are no lessons of it.")
        learnt = _learnt(work, period, command.now)
        blocks = lessons_blocks(learnt, period, confidential=person.id in team.leaders)
        return blocks, lessons_text(learnt, period)

    return await command.read(draw)


def _learnt(work: Work, period: Period, now: datetime) -> list[Lesson] | None:
    """None: there was nothing to learn from."""
    learnt = lessons_of(lessons.heard(work, period), work.playbook())
    ((counted,),) = figures.tallies(work, [period], figures.yardstick(work, now)).values()
    return None if counted.is_empty and not learnt else learnt
