"""What a workspace has settled in `/handoff setup`; the defaults work before it was ever opened."""

from datetime import datetime, time
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Lateness(StrEnum):
    """Which clock decides whether something is late."""

    WALL = "wall"
    WORKING = "working"


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
    lateness: Lateness = Lateness.WALL
    workdays: tuple[int, ...] = (0, 1, 2, 3, 4)  # 0 is Monday
    day_starts: time = time(9)
    day_ends: time = time(18)
    country: str = ""  # whose public holidays are kept: DE, or DE-BY; "" for none

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
    tz: str = "UTC"
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    deleted: bool = False
    status_emoji: str = ""  # such as :palm_tree:
    status_until: datetime | None = None  # when the status ends; None while it has no end
