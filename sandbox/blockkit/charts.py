"""Block Kit's tables and charts, with their limits."""

from __future__ import annotations

import json
from typing import Any

from sandbox.blockkit.checks import Report, array, by_type, integer, number, one_of, shape, string
from sandbox.blockkit.rich_text import RICH_TEXT, characters

RAW_TEXT = shape({"type": one_of("raw_text"), "text": string(3000)})
RAW_NUMBER = shape({"type": one_of("raw_number"), "value": number}, {"text": string(3000)})
CELL = by_type({"raw_text": RAW_TEXT, "raw_number": RAW_NUMBER, "rich_text": RICH_TEXT}, {}, "table cell")
MOST_TABLE_CHARACTERS = 10_000
MOST_DATA_TABLE_CHARACTERS = 20_000
MOST_CHARTS = 2


def _column_setting(value: Any, path: str, report: Report) -> None:
    if value is not None:
        COLUMN(value, path, report)


COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": one_of(True, False)})


def _table_size(value: Any, path: str, report: Report) -> None:
    report.tables += 1
    report.table_characters += characters(value.get("rows"))
    if report.surface == "message" and report.tables > 1:
        report.add("only one table is allowed", path)
    if report.table_characters > MOST_TABLE_CHARACTERS:
        report.add(f"must be less than {MOST_TABLE_CHARACTERS + 1} characters", f"{path}/rows")


def _data_table_size(value: Any, path: str, report: Report) -> None:
    rows = value.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return
    if len({len(row) for row in rows}) > 1:
        report.add("all rows must have the same number of cells", f"{path}/rows")
    if rows and any(isinstance(cell, dict) and cell.get("type") == "rich_text" for cell in rows[0]):
        report.add("the header row must not have rich_text", f"{path}/rows/0")
    if characters(rows) > MOST_DATA_TABLE_CHARACTERS:
        report.add(f"must be less than {MOST_DATA_TABLE_CHARACTERS + 1} characters", f"{path}/rows")


TABLE = shape(
    {"type": one_of("table"), "rows": array(array(CELL, 20), 100)},
    {"block_id": string(255), "column_settings": array(_column_setting, 20, 0)},
    _table_size,
)
DATA_TABLE = shape(
    {"type": one_of("data_table"), "rows": array(array(CELL, 20), 201, 2), "caption": string(3000)},
    {"block_id": string(255), "page_size": integer(1, 100), "row_header_column_index": integer(0, 19)},
    _data_table_size,
)

LABEL = string(20)


def _positive(value: Any, path: str, report: Report) -> None:
    number(value, path, report)
    if isinstance(value, int | float) and value <= 0:
        report.add("must be more than 0", path)


def _series_fit(value: Any, path: str, report: Report) -> None:
    """One point per category, exactly; the names of series and categories are unique."""
    series, axis = value.get("series"), value.get("axis_config")
    if not isinstance(series, list) or not isinstance(axis, dict) or not isinstance(axis.get("categories"), list):
        return
    names = [json.dumps(each.get("name")) for each in series if isinstance(each, dict)]
    if len(set(names)) < len(names):
        report.add("series names must be unique", f"{path}/series")
    if len({str(each) for each in axis["categories"]}) < len(axis["categories"]):
        report.add("categories must be unique", f"{path}/axis_config/categories")
    for index, each in enumerate(series):
        points = each.get("data") if isinstance(each, dict) else None
        if not isinstance(points, list):
            continue
        labels = [point.get("label") for point in points if isinstance(point, dict)]
        if sorted(map(str, labels)) != sorted(map(str, axis["categories"])):
            report.add("must have exactly one point per category", f"{path}/series/{index}/data")


PIE = shape(
    {"type": one_of("pie"), "segments": array(shape({"label": LABEL, "value": _positive}), 12)},
)
POINTS = array(shape({"label": LABEL, "value": number}), 20)
AXIS = shape({"categories": array(LABEL, 20)}, {"x_label": string(50), "y_label": string(50)})
SERIES = array(shape({"name": LABEL, "data": POINTS}), 12)
CHARTS = {
    kind: shape({"type": one_of(kind), "series": SERIES, "axis_config": AXIS}, {}, _series_fit)
    for kind in ("bar", "area", "line")
}


def _chart_count(value: Any, path: str, report: Report) -> None:
    report.charts += 1
    if report.charts > MOST_CHARTS:
        report.add(f"no more than {MOST_CHARTS} data_visualization blocks allowed", path)


DATA_VISUALIZATION = shape(
    {"type": one_of("data_visualization"), "title": string(50), "chart": by_type({"pie": PIE, **CHARTS}, {}, "chart")},
    {"block_id": string(255)},
    _chart_count,
)
