"""The practice as data: frozen models of `playbook.yml`, checked whole when Baton starts."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bot.agendas import PLAIN_PLANS, MeetingPlan
from bot.records import MeetingKind
from bot.targets import Metrics
from bot.timing import Choice, DeadlineRule, Fact, Ident, Label, Part, TimingModel

# Slack's limits, so that a playbook that loads can always be drawn.
MAX_INPUT = 3000  # a plain_text_input's max_length
MAX_OPTIONS = 100
MAX_BLOCKS = 100  # a modal's
MAX_ROWS = 30  # of one field, so that two such fields fit one form
MAX_DEADLINES = 20  # so that one modal shows them all with their buttons
MAX_NAME = 150  # of a customer: a header's text, and what an index of PostgreSQL takes


class Kind(StrEnum):
    """What a field holds, and so which input it gets."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    LINES = "lines"
    NUMBER = "number"
    EMAIL = "email"
    URL = "url"
    DATE = "date"
    PERSON = "person"
    SELECT = "select"
    CONFIRM = "confirm"
    ROWS = "rows"


class PlaybookField(Part):
    """One question of the handoff document (or one column of a repeated row)."""

    id: Ident
    label: Label
    kind: Kind
    hint: Annotated[str, StringConstraints(max_length=150)] | None = None
    required: Literal["all"] | tuple[Ident, ...] = ()
    unless: Ident | None = None
    sensitive: bool = False
    max_length: int = Field(MAX_INPUT, ge=1, le=MAX_INPUT)
    decimals: bool = False
    options: tuple[Label, ...] = Field((), max_length=MAX_OPTIONS)
    options_from: Literal["currencies"] | None = None
    text: Label | None = None
    item: Label | None = None
    columns: tuple["PlaybookField", ...] = Field((), max_length=20)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        wanted = {Kind.SELECT: "options", Kind.CONFIRM: "text", Kind.ROWS: "columns"}.get(self.kind)
        if wanted and not getattr(self, wanted) and not self.options_from:
            raise ValueError(f"a {self.kind} field needs `{wanted}`")
        if self.kind is Kind.ROWS and not self.item:
            raise ValueError("a rows field needs `item`: what one row is called")
        if any(column.kind is Kind.ROWS for column in self.columns):
            raise ValueError("a column cannot hold rows")
        for column in self.columns:
            if column.sensitive or column.unless or column.required not in ("all", ()):
                raise ValueError(f"column {column.id}: only `required: all`; no `sensitive`, no `unless`, no segments")
        _unique("columns", self.columns)
        return self

    def is_required(self, segment: str) -> bool:
        """Whether handoffs of `segment` must answer this."""
        return self.required == "all" or segment in self.required


class Section(Part):
    """One section of the document; each is a modal of its own."""

    id: Ident
    label: Label
    fields: tuple[PlaybookField, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _unique("fields", self.fields)
        confirms = {field.id for field in self.fields if field.kind is Kind.CONFIRM}
        for field in self.fields:
            if field.unless and field.unless not in confirms:
                raise ValueError(f"`unless: {field.unless}` names no confirm field of this section")
        rows = sum(field.kind is Kind.ROWS for field in self.fields)
        if rows * (MAX_ROWS + 2) + 2 * (len(self.fields) - rows) + 2 > MAX_BLOCKS:
            raise ValueError("this is more than one form can show: move some fields to a section of their own")
        return self

    @cached_property
    def by_id(self) -> dict[str, PlaybookField]:
        """The fields of this section by id."""
        return {field.id: field for field in self.fields}


class Segment(Choice):
    """How big a deal is. `weight`: how much work such a handoff is, where 1 is a usual one."""

    weight: float = Field(1, ge=0, le=100)


class Workload(Part):
    """How much of a handoff's work lies in each stage; what is completed or cancelled is none."""

    preparing: float = Field(1, ge=0, le=100)
    in_review: float = Field(1, ge=0, le=100)
    returned: float = Field(1, ge=0, le=100)
    accepted: float = Field(1, ge=0, le=100)


class Responsibility(Part):
    """What is whose: Sales before the customer passes over, CS after it."""

    topic: Label
    sales: Label
    cs: Label


class Playbook(Part):
    """A team's whole practice. `Playbook.load` is the only way in."""

    segments: tuple[Segment, ...] = Field(min_length=1, max_length=10)
    timing_models: tuple[TimingModel, ...] = Field(min_length=1, max_length=10)
    currencies: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")], ...] = Field(
        min_length=1, max_length=MAX_OPTIONS
    )
    sections: tuple[Section, ...] = Field(min_length=1, max_length=20)
    return_reasons: tuple[Choice, ...] = Field(min_length=1, max_length=MAX_OPTIONS)
    cancel_reasons: tuple[Choice, ...] = Field(min_length=1, max_length=MAX_OPTIONS)
    deadlines: tuple[DeadlineRule, ...] = Field((), max_length=MAX_DEADLINES)
    meetings: tuple[MeetingPlan, ...] = Field((), max_length=len(MeetingKind))
    workload: Workload = Workload()
    responsibilities: tuple[Responsibility, ...] = Field((), max_length=10)
    metrics: Metrics = Metrics()
    away_statuses: tuple[Label, ...] = (":palm_tree:", ":face_with_thermometer:")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name in ("segments", "timing_models", "sections", "return_reasons", "cancel_reasons", "deadlines"):
            _unique(name, getattr(self, name))
        if len({meeting.kind for meeting in self.meetings}) < len(self.meetings):
            raise ValueError("`meetings` has one of its kinds twice")
        rules = {rule.id for rule in self.deadlines}
        for model in self.timing_models:
            if strange := sorted({rule.id for rule in model.deadlines} - rules):
                raise ValueError(f"timing_models.{model.id}: `deadlines` replaces none of these: {', '.join(strange)}")
        segments = {segment.id for segment in self.segments}
        for section, field in self.fields():
            if field.required != "all" and (unknown := set(field.required) - segments):
                raise ValueError(f"{section.id}.{field.id}: `required` names unknown segments {sorted(unknown)}")
        overview = self.section("company_overview")
        for needed in ("company_name", "website", "contract_value", "currency"):
            if not overview or needed not in overview.by_id:
                raise ValueError(f"Baton needs the field company_overview.{needed}")
        if overview and overview.by_id["company_name"].max_length > MAX_NAME:
            raise ValueError(f"company_overview.company_name: `max_length` is at most {MAX_NAME}")
        return self

    @model_validator(mode="after")
    def _targets_fit(self) -> Self:
        for target in self.metrics.targets:
            if unknown := set(target.segments) - {segment.id for segment in self.segments}:
                raise ValueError(f"metrics.{target.id}: `segments` names unknown segments {sorted(unknown)}")
        return self

    @classmethod
    def load(cls, data: Any) -> "Playbook":
        """The playbook in parsed YAML `data`; pydantic.ValidationError names the path of what is wrong."""
        return cls.model_validate(data)

    def fields(self) -> Iterator[tuple[Section, PlaybookField]]:
        """Every field of the document with its section, in order."""
        for section in self.sections:
            for field in section.fields:
                yield section, field

    @cached_property
    def _sections(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    def section(self, section_id: str) -> Section | None:
        """The section of that id, if this playbook has it."""
        return self._sections.get(section_id)

    def field(self, path: str) -> PlaybookField | None:
        """The field at `section.field`, if this playbook has it."""
        section_id, _, field_id = path.partition(".")
        section = self.section(section_id)
        return section.by_id.get(field_id) if section else None

    def is_sensitive(self, path: str) -> bool:
        """Whether `section.field` is for the AE, the CSM and their leaders only."""
        field = self.field(path)
        return field is not None and field.sensitive

    def timing_model(self, model_id: str) -> TimingModel | None:
        """The timing model of that id, if this playbook has it."""
        return next((model for model in self.timing_models if model.id == model_id), None)

    def meeting(self, kind: MeetingKind) -> MeetingPlan:
        """How this practice holds a meeting of that kind."""
        return next((plan for plan in self.meetings if plan.kind is kind), PLAIN_PLANS[kind])

    def rules(self, model_id: str) -> tuple[DeadlineRule, ...]:
        """The deadlines as they stand under a timing model."""
        model = self.timing_model(model_id)
        replaced = {rule.id: rule for rule in model.deadlines} if model else {}
        return tuple(replaced.get(rule.id, rule) for rule in self.deadlines)

    def facts(self) -> frozenset[Fact]:
        """The facts that this practice waits for, or begins something with."""
        models = (rule for model in self.timing_models for rule in model.deadlines)
        rules = (*self.deadlines, *models)
        fades = {Fact.FADED} if any(rule.by == "timing_model" for rule in rules) else set()
        return frozenset(
            {*(rule.starts for rule in rules), *(rule.ends_with for rule in rules if rule.ends_with), *fades}
        )

    def caught_up(self, today: "Playbook") -> "Playbook":
        """With `today`'s rules about what nothing here is asked of: questions, promises, the completion. A handoff that
        began with an older practice has these all the same."""
        begun, ids = {rule.starts for rule in self.deadlines}, {rule.id for rule in self.deadlines}
        lacking = (rule for rule in today.deadlines if rule.starts in _LATER_FACTS and rule.starts not in begun)
        return self.model_copy(
            update={"deadlines": (*self.deadlines, *(rule for rule in lacking if rule.id not in ids))}
        )

    def options(self, field: PlaybookField) -> tuple[str, ...]:
        """What a select field offers."""
        return self.currencies if field.options_from == "currencies" else field.options


_LATER_FACTS = (Fact.QUESTION_ASKED, Fact.PROMISED, Fact.COMPLETED)  # which older practices did not know


def labels_of(choices: Iterable[Choice]) -> dict[str, str]:
    """Id -> label."""
    return {choice.id: choice.label for choice in choices}


def label_of(choices: Iterable[Choice | DeadlineRule], choice_id: str) -> str:
    """What people read for `choice_id`; the id itself when the list no longer has it."""
    return next((choice.label for choice in choices if choice.id == choice_id), choice_id)


def _unique(where: str, parts: tuple[Any, ...]) -> None:
    ids = [part.id for part in parts]
    if doubled := sorted({one for one in ids if ids.count(one) > 1}):
        raise ValueError(f"`{where}` has these ids twice: {', '.join(doubled)}")
