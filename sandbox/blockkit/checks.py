"""The grammar of Block Kit checks: small checks of one value, put together into shapes of objects."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """What is wrong, with JSON pointers; and what must be unique in one surface."""

    surface: str  # "message", "modal" or "home"
    without: Collection[str] = ()  # types of blocks that the workspace does not have
    problems: list[str] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    focus: int = 0
    markdown: int = 0
    tables: int = 0
    table_characters: int = 0
    charts: int = 0

    def add(self, words: str, path: str) -> None:
        self.problems.append(f"{words} [json-pointer:{path or '/'}]")


Check = Callable[[Any, str, Report], None]


def string(longest: int, shortest: int = 1, pattern: str | None = None) -> Check:
    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, str):
            report.add("must be a string", path)
        elif len(value) > longest:
            report.add(f"must be less than {longest + 1} characters", path)
        elif len(value) < shortest:
            report.add(f"must be more than {shortest - 1} characters", path)
        elif pattern is not None and not re.fullmatch(pattern, value):
            report.add("must match pattern", path)

    return check


def url(longest: int = 3000) -> Check:
    return string(longest, pattern=r"(?s)(https?://|mailto:|slack://)\S.*")


def boolean(value: Any, path: str, report: Report) -> None:
    if not isinstance(value, bool):
        report.add("must be a boolean", path)


def integer(least: int, most: int) -> Check:
    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.add("must be an integer", path)
        elif not least <= value <= most:
            report.add(f"must be between {least} and {most}", path)

    return check


def number(value: Any, path: str, report: Report) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        report.add("must be a number", path)


def anything(value: Any, path: str, report: Report) -> None:
    if value is None:
        report.add("must not be null", path)


def one_of(*allowed: Any) -> Check:
    def check(value: Any, path: str, report: Report) -> None:
        if value not in allowed:
            report.add(f"must be a valid enum value: {', '.join(map(str, allowed))}", path)

    return check


def array(item: Check, most: int, least: int = 1) -> Check:
    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, list):
            report.add("must be an array", path)
            return
        if len(value) > most:
            report.add(f"no more than {most} items allowed", path)
        if len(value) < least:
            report.add(f"no less than {least} items allowed" if least > 1 else "must contain at least one item", path)
        for number, each in enumerate(value):
            item(each, f"{path}/{number}", report)

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *more: Check) -> Check:
    """An object with these fields and no others; `more` are checks of the object as a whole."""
    fields = {**required, **(optional or {})}

    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add("must be an object", path)
            return
        for name in required:
            if name not in value:
                report.add(f"missing required field: {name}", path)
        for name, each in value.items():
            if name not in fields:
                report.add(f"invalid additional property: {name}", path)
            else:
                fields[name](each, f"{path}/{name}", report)
        for whole in more:
            whole(value, path, report)

    return check


def by_type(kinds: Mapping[str, Check], surfaces: Mapping[str, Collection[str]], what: str) -> Check:
    """An object whose `type` chooses its shape and must be allowed on the report's surface."""

    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add(f"must be a valid {what}", path)
        elif value.get("type") not in kinds or value["type"] in report.without:
            report.add(f"unsupported type: {value.get('type')}", f"{path}/type")
        elif report.surface not in surfaces.get(value["type"], ("message", "modal", "home")):
            report.add(f"unsupported type: {value['type']} is not available in a {report.surface}", f"{path}/type")
        else:
            kinds[value["type"]](value, path, report)

    return check


def only_types(check: Check, allowed: Collection[str], what: str) -> Check:
    def narrowed(value: Any, path: str, report: Report) -> None:
        if isinstance(value, dict) and value.get("type") not in allowed:
            report.add(f"unsupported type: {value.get('type')} is not a {what}", f"{path}/type")
        else:
            check(value, path, report)

    return narrowed


def exactly_one(*names: str) -> Check:
    def check(value: Any, path: str, report: Report) -> None:
        if sum(name in value for name in names) != 1:
            report.add(f"must have exactly one of: {', '.join(names)}", path)

    return check


def at_least_one(*names: str) -> Check:
    def check(value: Any, path: str, report: Report) -> None:
        if not any(name in value for name in names):
            report.add(f"must have at least one of: {', '.join(names)}", path)

    return check
