"""What a workspace has settled in `/handoff setup`; the defaults work before it was ever opened."""

import re
from collections.abc import Mapping
from datetime import datetime, time
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from bot.calendars import country_code, problem_with_country
from bot.refusals import Refusal, refuse_fields

NO_HOLIDAYS = "none"  # typed for a country: keep no public holidays, whatever the workspace keeps
MOST_GROUPS = 20
_LONGEST_KEPT = 365  # days until a channel is renamed or archived


class Lateness(StrEnum):
    """Which clock decides whether something is late."""

    WALL = "wall"
    WORKING = "working"


class ChannelEnd(StrEnum):
    """What becomes of a customer's channel some days after its handoff is completed."""

    KEEP = "keep"
    RENAME = "rename"
    ARCHIVE = "archive"


class WorkingTime(NamedTuple):
    """When somebody works, by that person's own clock."""

    workdays: tuple[int, ...]  # 0 is Monday
    day_starts: time
    day_ends: time
    country: str  # whose public holidays are kept: DE, or DE-BY; "" for none


class Group(NamedTuple):
    """A team within the workspace, such as EMEA: its AEs and CSMs. The figures can be told for it alone."""

    name: str
    people: tuple[str, ...]


class Team(BaseModel):
    """The people and the habits of one Slack workspace. Ids are Slack user and channel ids."""

    model_config = ConfigDict(frozen=True)

    aes: tuple[str, ...] = ()
    csms: tuple[str, ...] = ()
    cs_leader: str | None = None
    sales_leader: str | None = None
    digest_channel: str | None = None
    channels_private: bool = True
    channel_prefix: str = "handoff-"
    channel_end: ChannelEnd = ChannelEnd.KEEP
    channel_days: int = 30  # from the completion until then
    capture_reaction: str = ""  # the emoji that files a draft commitment, such as handshake; "" for none
    lateness: Lateness = Lateness.WALL
    workdays: tuple[int, ...] = (0, 1, 2, 3, 4)  # 0 is Monday
    day_starts: time = time(9)
    day_ends: time = time(18)
    country: str = ""  # whose public holidays are kept: DE, or DE-BY; "" for none
    zone: str = "UTC"  # in which the figures count days, and the digest is posted (IANA)
    digest_day: int = 0  # of the week, 0 is Monday
    digest_at: time = time(9)
    digest_since: datetime | None = None  # when setup named a channel where there was none
    groups: tuple[Group, ...] = ()

    @property
    def working_time(self) -> WorkingTime:
        """When everybody works who has settled nothing else."""
        return WorkingTime(self.workdays, self.day_starts, self.day_ends, self.country)

    @property
    def leaders(self) -> tuple[str, ...]:
        """CS leader and sales leader, those that are known."""
        return tuple(leader for leader in (self.cs_leader, self.sales_leader) if leader)

    @property
    def cs_team(self) -> frozenset[str]:
        """Everybody who may read every handoff; empty until setup names them."""
        return frozenset((*self.csms, *self.leaders))


class Person(BaseModel):
    """What Baton remembers of a member of the workspace."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    email: str = ""
    tz: str = "UTC"
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    deleted: bool = False
    status_emoji: str = ""  # such as :palm_tree:
    status_until: datetime | None = None  # when the status ends; None while it has no end


def read_team(typed: Mapping[str, str]) -> Team:
    """What the form of `/handoff setup` says; refuses everything wrong at once."""
    problems = {}
    working = Team().working_time
    try:
        working = read_working_time(typed, working)
    except Refusal as refusal:
        problems = refusal.fields
    prefix = typed.get("channel_prefix", "").strip()
    if not re.fullmatch(r"[a-z0-9_-]{0,20}", prefix):
        problems["channel_prefix"] = "Only small letters, digits, - and _, at most 20."
    reaction = typed.get("capture_reaction", "").strip().strip(":").lower()
    if not re.fullmatch(r"[\w+'-]{0,100}", reaction):
        problems["capture_reaction"] = "Write the name of one emoji, such as :handshake:."
    if typed.get("lateness") not in {*Lateness}:
        problems["lateness"] = "Choose a clock."
    if typed.get("channel_end") not in {*ChannelEnd}:
        problems["channel_end"] = "Choose what becomes of it."
    days = typed.get("channel_days", "").strip()
    if not (days.isdecimal() and 1 <= int(days) <= _LONGEST_KEPT):
        problems["channel_days"] = f"Whole days, from 1 to {_LONGEST_KEPT}."
    problems |= _problems_of_digest(typed)
    refuse_fields(problems)
    return Team(
        aes=people_of(typed, "aes"),
        csms=people_of(typed, "csms"),
        cs_leader=typed.get("cs_leader") or None,
        sales_leader=typed.get("sales_leader") or None,
        digest_channel=typed.get("digest_channel") or None,
        channels_private=typed.get("channels_private") != "public",
        channel_prefix=prefix,
        capture_reaction=reaction,
        channel_end=ChannelEnd(typed["channel_end"]),
        channel_days=int(days),
        lateness=Lateness(typed["lateness"]),
        zone=typed["zone"].strip(),
        digest_day=int(typed["digest_day"]),
        digest_at=read_time(typed["digest_at"]) or time(9),
        **working._asdict(),
    )


def _problems_of_digest(typed: Mapping[str, str]) -> dict[str, str]:
    zone, problems = typed.get("zone", "").strip(), {}
    if not _is_zone(zone):
        problems["zone"] = f"“{zone}” is no time zone that I know. Write one such as Europe/Berlin or America/New_York."
    if typed.get("digest_day") not in {*"0123456"}:
        problems["digest_day"] = "Choose a day."
    if not typed.get("digest_at"):
        problems["digest_at"] = "Choose an hour."
    return problems


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False


def read_groups(typed: Mapping[str, str]) -> tuple[Group, ...]:
    """The teams that the form of `/handoff teams` names, in its order; refuses everything wrong at once."""
    problems: dict[str, str] = {}
    groups: dict[str, Group] = {}
    for number in range(1, MOST_GROUPS + 1):
        name = " ".join(typed.get(f"name_{number}", "").split())
        people = people_of(typed, f"people_{number}")
        if not name and people:
            problems[f"name_{number}"] = "These people need a team's name, or take them out."
        elif name and not people:
            problems[f"people_{number}"] = f"Choose who belongs to {name}, or take its name out."
        elif name.casefold() in groups:
            problems[f"name_{number}"] = f"There is a team called {groups[name.casefold()].name} above already."
        elif name:
            groups[name.casefold()] = Group(name, people)
    refuse_fields(problems)
    return tuple(groups.values())


def people_of(typed: Mapping[str, str], field: str) -> tuple[str, ...]:
    """The people chosen in one field of a form."""
    return tuple(user for user in typed.get(field, "").split(",") if user)


def read_working_time(typed: Mapping[str, str], otherwise: WorkingTime) -> WorkingTime:
    """The working time that a form asked for; what was left empty is as `otherwise`. Refuses all that is wrong."""
    workdays = tuple(day for day in range(7) if str(day) in typed.get("workdays", "").split(","))
    day_starts = read_time(typed.get("day_starts", "")) or otherwise.day_starts
    day_ends = read_time(typed.get("day_ends", "")) or otherwise.day_ends
    country = typed.get("country", "").strip()
    problems: dict[str, str] = {}
    if not workdays:
        problems["workdays"] = "Tick at least one day."
    if day_ends <= day_starts:
        problems["day_ends"] = f"Working hours must end after they begin, at {day_starts:%H:%M}."
    if country.casefold() == NO_HOLIDAYS:
        country = ""
    elif not country:
        country = otherwise.country
    else:
        if words := problem_with_country(country):
            problems["country"] = words
        country = country_code(country)
    refuse_fields(problems)
    return WorkingTime(workdays, day_starts, day_ends, country)


def read_time(chosen: str) -> time | None:
    """A time of day as Slack's forms answer it (HH:MM); None for nothing."""
    return time.fromisoformat(chosen) if chosen else None
