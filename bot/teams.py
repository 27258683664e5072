"""What a workspace has settled in `/handoff setup`; the defaults work before it was ever opened."""

from pydantic import BaseModel, ConfigDict


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
