"""How a person wants to be reminded, when that person works, and who stands in meanwhile."""

from datetime import date, time
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


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
