"""The learning loop: what a month says of the practice, and which place of the playbook to change."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.playbook import Playbook, PlaybookField, Section, label_of
from bot.promises import FIELD, SECTION
from bot.records import PromiseStatus

MOST = 10
_REASONS = 2  # of returns, and
_FIELDS = 3  # of the fields that they name
_UNKEPT = (PromiseStatus.BROKEN, PromiseStatus.RENEGOTIATED)
_TRUSTED = ("kind", "due", "source", "to", "said_by")  # what makes a promise one that can be kept


@dataclass
class Heard:
    """What a month told: the fields that returns named, by their reason; the promises that were not kept, by the kind
    of the commitment; what was missing or untrue at the end, and explained again, by section; the CSMs' words."""

    returns: Counter[str] = field(default_factory=Counter)
    gaps: dict[str, Counter[str]] = field(default_factory=dict)
    unkept: dict[str, Counter[PromiseStatus]] = field(default_factory=dict)
    missing: Counter[str] = field(default_factory=Counter)
    untrue: Counter[str] = field(default_factory=Counter)
    repeated: Counter[str] = field(default_factory=Counter)
    words: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Lesson:
    """One thing that happened `count` times; `place` in playbook.yml, and the `change` there that may end it. `words`
    of the CSM about it are confidential."""

    count: int
    what: str
    place: str
    change: str
    words: str = ""


def lessons_of(heard: Heard, playbook: Playbook) -> list[Lesson]:
    """The few that count most."""
    told = [*_returns(heard, playbook), *_promises(heard, playbook), *_sections(heard, playbook)]
    return sorted(told, key=lambda lesson: -lesson.count)[:MOST]


def _returns(heard: Heard, playbook: Playbook) -> Iterator[Lesson]:
    every: Counter[str] = sum(heard.gaps.values(), Counter())
    named = set()
    for reason, count in heard.returns.most_common(_REASONS):
        what = f"{_times(count, 'document')} returned: {label_of(playbook.return_reasons, reason)}"
        known = [path for path, _ in heard.gaps.get(reason, Counter()).most_common() if playbook.field(path)]
        if known:
            named.add(known[0])
            yield Lesson(count, f"{what}, most often {_label(playbook, known[0])}", *_ask(playbook, known[0]))
        else:
            yield Lesson(count, what, "return_reasons", "name the reason more exactly, so that it can be counted")
    fields = [(path, count) for path, count in every.most_common() if path not in named and playbook.field(path)]
    for path, count in fields[:_FIELDS]:
        yield Lesson(count, f"{_label(playbook, path)} was named in {_times(count, 'return')}", *_ask(playbook, path))


def _ask(playbook: Playbook, path: str) -> tuple[str, str]:
    """Where a field stands, and how to ask for it better."""
    one = playbook.field(path)
    if one and one.required != "all":
        who = ", ".join(label_of(playbook.segments, segment) for segment in one.required)
        asked = f"now it is asked of {who} only" if who else "now nobody has to answer it"
        return f"sections.{path}", f"make it `required: all`; {asked}"
    return f"sections.{path}", "say in its `hint` what a good answer has"


def _promises(heard: Heard, playbook: Playbook) -> Iterator[Lesson]:
    promised = playbook.field(f"{SECTION}.{FIELD}")
    for kind, ends in heard.unkept.items():
        told = " and ".join(f"{ends[status]} {status}" for status in _UNKEPT if ends[status])
        what = f"{kind} promises: {told}" if kind else f"Promises of no kind: {told}"
        lacking = next(_lacking(promised, known=bool(kind)), None)
        place = f"sections.{SECTION}.{FIELD}"
        if lacking:
            change = "make it `required: all`, so that no promise goes without"
            yield Lesson(ends.total(), what, f"{place}.{lacking}", change)
        else:
            yield Lesson(ends.total(), what, place, "say in its `hint` which promises nobody makes without asking CS")


def _lacking(promised: PlaybookField | None, *, known: bool) -> Iterator[str]:
    columns = {column.id: column for column in promised.columns} if promised else {}
    for name in _TRUSTED[1 if known else 0 :]:
        if name in columns and not columns[name].required:
            yield name


def _sections(heard: Heard, playbook: Playbook) -> Iterator[Lesson]:
    for section in playbook.sections:
        missing, untrue, again = heard.missing[section.id], heard.untrue[section.id], heard.repeated[section.id]
        words = next(iter(heard.words.get(section.id, [])), "")
        if missing or untrue:
            parts = [f"{count} {how}" for how, count in (("missing", missing), ("untrue", untrue)) if count]
            what = f"{section.label}, 30 days on: {' and '.join(parts)}"
            yield Lesson(missing + untrue, what, *_complete(section), words)
        if again:
            what = f"{section.label}: {_times(again, 'customer')} had to explain it again"
            change = "give it a point, so that CS knows it before the customer is met"
            yield Lesson(again, what, "meetings.internal.agenda", change)


def _complete(section: Section) -> tuple[str, str]:
    loose = next((one for one in section.fields if one.required != "all" and not one.sensitive), None)
    if loose:
        return f"sections.{section.id}.{loose.id}", "make it, or another field here, `required: all`"
    return f"sections.{section.id}.fields", "add the field that was missed"


def _label(playbook: Playbook, path: str) -> str:
    section, one = playbook.section(path.partition(".")[0]), playbook.field(path)
    if section is None or one is None or section.label == one.label:
        return f"“{one.label if one else path}”"
    return f"“{section.label}: {one.label}”"


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
