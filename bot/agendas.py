"""The meetings of the practice as data: who takes part, how long, and the agenda with its time boxes."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.records import MeetingKind
from bot.timing import Label, Part

Point = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class Attendee(StrEnum):
    """Who takes part from our side."""

    AE = "ae"
    CSM = "csm"
    SE = "se"
    CS_LEADER = "cs_leader"
    SALES_LEADER = "sales_leader"


class Filling(StrEnum):
    """What of this handoff stands below an item of the agenda."""

    REVIEW = "review"
    QUESTIONS = "questions"
    DRIVERS = "drivers"
    RELATIONSHIP = "relationship"
    COMMITMENTS = "commitments"
    OUT_OF_SCOPE = "out_of_scope"
    RISKS = "risks"
    OUTCOMES = "outcomes"
    TIMELINE = "timeline"
    INTRODUCTION = "introduction"
    FADE_PLAN = "fade_plan"
    ESCALATION = "escalation"
    PEOPLE = "people"
    UNCONFIRMED = "unconfirmed"


class AgendaItem(Part):
    """One item: its time box in minutes, what the handbook says to talk about, and what of this handoff helps."""

    label: Label
    minutes: int = Field(gt=0, le=120)
    points: tuple[Point, ...] = Field((), max_length=8)
    shows: tuple[Filling, ...] = Field((), max_length=6)


class MeetingPlan(Part):
    """One meeting of the practice. `lengths`: minutes to choose from; `remind`: minutes before, 0 for never."""

    kind: MeetingKind
    label: Label
    lengths: tuple[int, ...] = Field((30,), min_length=1, max_length=10)
    remind: int = Field(30, ge=0, le=1440)
    attendees: tuple[Attendee, ...] = (Attendee.AE, Attendee.CSM)
    agenda: tuple[AgendaItem, ...] = Field((), max_length=10)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not all(5 <= length <= 240 for length in self.lengths):
            raise ValueError("`lengths` are minutes from 5 to 240")
        if self.agenda and len(self.agenda) > min(self.lengths):
            raise ValueError("the shortest of `lengths` leaves no minute for each item of the agenda")
        return self

    def time_boxes(self, minutes: int) -> list[int]:
        """The minutes of each item in a meeting of that length: the practice's own, where they need to be, scaled."""
        wanted = [item.minutes for item in self.agenda]
        if sum(wanted) <= minutes:
            return wanted
        exact = [share * minutes / sum(wanted) for share in wanted]
        boxes = [max(1, int(share)) for share in exact]
        by_loss = sorted(range(len(boxes)), key=lambda one: boxes[one] - exact[one])
        for one in by_loss[: max(0, minutes - sum(boxes))]:
            boxes[one] += 1
        return boxes


PLAIN_PLANS = {  # of a practice that was written before it named its meetings
    MeetingKind.INTERNAL: MeetingPlan(
        kind=MeetingKind.INTERNAL, label="Internal handoff meeting", lengths=(30, 45), attendees=tuple(Attendee)[:4]
    ),
    MeetingKind.INTRODUCTION: MeetingPlan(kind=MeetingKind.INTRODUCTION, label="Customer introduction"),
}
