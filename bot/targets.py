"""The six metrics of the practice and their targets, as data."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from bot.timing import Ident, Label, Part


class Metric(StrEnum):
    """What tells whether handoffs work. Source: the handbook's table of metrics."""

    DOCUMENT = "document_completion"
    MEETING = "meeting_completion"
    CONTACT = "first_contact"
    REPEAT = "repeat_rate"
    SATISFACTION = "satisfaction"
    SMOOTH = "smooth_transition"

    @property
    def most(self) -> float:
        """The greatest target that it may have."""
        return {Metric.SATISFACTION: 5.0, Metric.CONTACT: 10_000.0}.get(self, 100.0)


class Target(Part):
    """What a metric should come to: percent, hours (first_contact) or points (satisfaction); `segments` replace it.

    `due` and `working_due`: from so many hours after the close on, what is not done counts as not done.
    `working_target` is `target` by the working clock, `share` the percent of customers for whom it must be kept, and of
    handoffs (repeat_rate) whose CSMs must have said it before it can be kept.
    """

    id: Metric
    label: Label
    target: float = Field(ge=0)
    segments: dict[Ident, float] = Field(default_factory=dict)
    due: int | None = Field(None, gt=0)
    working_due: int | None = Field(None, gt=0)
    working_target: float | None = Field(None, gt=0)
    share: float = Field(90, ge=0, le=100)

    @model_validator(mode="after")
    def _fits_its_metric(self) -> Self:
        if strange := [value for value in (self.target, *self.segments.values()) if not 0 <= value <= self.id.most]:
            raise ValueError(f"{self.id}: a target is from 0 to {self.id.most:g}, not {strange[0]:g}")
        return self

    def of(self, segment: str) -> float:
        """The target of one segment; of "" that of all."""
        return self.segments.get(segment, self.target)


class Metrics(Part):
    """The targets. Under `enough` deals, answers or handoffs a figure says nothing but that there are not enough."""

    enough: int = Field(5, ge=1, le=1000)
    targets: tuple[Target, ...] = ()

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        ids = [target.id for target in self.targets]
        if doubled := sorted({one.value for one in ids if ids.count(one) > 1}):
            raise ValueError(f"`targets` has these twice: {', '.join(doubled)}")
        return self

    def target(self, metric: Metric) -> Target:
        """The target of one metric; the handbook's where the practice names none."""
        return next(one for one in (*self.targets, *_HANDBOOK) if one.id is metric)


_HANDBOOK = (
    Target(id=Metric.DOCUMENT, label="Handoff doc completion", target=100, due=24, working_due=8),
    Target(id=Metric.MEETING, label="Handoff meeting completion", target=100, due=120, working_due=40),
    Target(id=Metric.CONTACT, label="Time to first CS contact", target=48, working_target=16),
    Target(id=Metric.REPEAT, label="Customer repeat rate", target=0),
    Target(id=Metric.SATISFACTION, label="Handoff satisfaction", target=4.5),
    Target(id=Metric.SMOOTH, label="Smooth transition", target=90),
)
