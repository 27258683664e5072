"""How a person wants to be reminded, when that person works, and who stands in meanwhile."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.refusals import Refusal, refuse_fields
from bot.teams import Team, WorkingTime, read_time, read_working_time

_LONGEST_AWAY = timedelta(days=731)


class Nudging(StrEnum):
    """How often Baton may write to a person about what is due."""

    EACH = "each"  # when each thing is due
    DAILY = "daily"  # one summary at the start of the working day
    OFF = "off"  # never; the leaders still hear of it


class Preferences(BaseModel):
    """What a person has settled; None stands for what the workspace has settled."""

    model_config = ConfigDict(frozen=True)

    nudging: Nudging = Nudging.EACH
    any_hour: bool = False  # reminders may also come outside the working hours
    quiet_from: time | None = None  # no reminders between these two, whatever else is settled; may pass midnight
    quiet_to: time | None = None
    workdays: tuple[int, ...] | None = None  # 0 is Monday
    day_starts: time | None = None
    day_ends: time | None = None
    country: str | None = None  # whose public holidays are kept: DE, or DE-BY; "" for none
    away_until: date | None = None  # the first day back
    cover: str | None = None

    def is_away(self, today: date) -> bool:
        """Whether the person is away on `today`, a date where that person is."""
        return self.away_until is not None and today < self.away_until

    def working_time(self, team: Team) -> WorkingTime:
        """When the person works: as settled, else as the workspace does."""
        return WorkingTime(
            team.workdays if self.workdays is None else self.workdays,
            self.day_starts or team.day_starts,
            self.day_ends or team.day_ends,
            team.country if self.country is None else self.country,
        )


def read_preferences(typed: Mapping[str, str], before: Preferences, team: Team) -> Preferences:
    """What the form "Your reminders" says; refuses everything wrong at once. Being away stays as it was `before`."""
    problems: dict[str, str] = {}
    working = team.working_time
    try:
        working = read_working_time(typed, working)
    except Refusal as refusal:
        problems = refusal.fields
    if typed.get("nudging") not in {*Nudging}:
        problems["nudging"] = "Choose how reminders come."
    any_hour = bool(typed.get("any_hour"))
    quiet_from, quiet_to = read_time(typed.get("quiet_from", "")), read_time(typed.get("quiet_to", ""))
    if (quiet_from is None) is not (quiet_to is None):
        missing, other = ("quiet_from", "to") if quiet_from is None else ("quiet_to", "from")
        problems[missing] = f"Quiet hours need both ends: choose this one too, or clear “Quiet hours {other}”."
    elif quiet_from and quiet_to and not problems:
        problems |= _problem_with_quiet(quiet_from, quiet_to, None if any_hour else working)
    refuse_fields(problems)
    news: dict[str, Any] = {"nudging": Nudging(typed["nudging"]), "any_hour": any_hour}
    news |= {"quiet_from": quiet_from, "quiet_to": quiet_to, **_own(working, team.working_time)}
    return before.model_copy(update=news)


def read_return(text: str, today: date) -> date:
    """The first day back, typed as YYYY-MM-DD; `today` is the date where the person is."""
    try:
        back = date.fromisoformat(text)
    except ValueError:
        words = "Type the first day back as in `/handoff away until 2026-12-01`, or only `/handoff away` to choose it."
        raise Refusal(words, {"away_until": "Choose your first day back."}) from None
    if back <= today:
        words = "The first day back must lie after today."
    elif back - today > _LONGEST_AWAY:
        words = "The first day back must lie within two years."
    else:
        return back
    raise Refusal(words, {"away_until": words})


def leave(before: Preferences, until: str, cover: str | None, *, by: str, today: date) -> Preferences:
    """Be away until the day `until` (YYYY-MM-DD), with `cover` standing in."""
    problems: dict[str, str] = {}
    back = None
    try:
        back = read_return(until, today)
    except Refusal as refusal:
        problems = refusal.fields
    if cover == by:
        problems["cover"] = "You can't cover for yourself. Choose a colleague, or nobody."
    refuse_fields(problems)
    return before.model_copy(update={"away_until": back, "cover": cover})


def come_back(before: Preferences, today: date) -> Preferences:
    """Be there again; refuses when the person is not away."""
    if not before.is_away(today):
        raise Refusal("You are not away: your reminders come to you.")
    return before.model_copy(update={"away_until": None, "cover": None})


def _own(working: WorkingTime, team: WorkingTime) -> dict[str, Any]:
    """What differs from the workspace's; the hours go together, or a change of the workspace's could cross them."""
    own = {"workdays": working.workdays if working.workdays != team.workdays else None}
    hours = (working.day_starts, working.day_ends)
    starts, ends = hours if hours != (team.day_starts, team.day_ends) else (None, None)
    country = working.country if working.country != team.country else None
    return {**own, "day_starts": starts, "day_ends": ends, "country": country}


def _problem_with_quiet(start: time, end: time, working: WorkingTime | None) -> dict[str, str]:
    """`working` is None when reminders may come at any hour."""
    if start == end:
        return {"quiet_to": "Quiet hours must end at another time than they begin."}
    if working is None:
        return {}
    begins, ends = start <= working.day_starts, end >= working.day_ends
    if (begins and ends) if start < end else (begins or ends):
        return {"quiet_to": "This leaves none of your working hours for reminders. Choose Off above if you want none."}
    return {}
