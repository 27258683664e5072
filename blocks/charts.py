"""Charts and tables as Slack draws them: numbers beside each other, in a message."""

from collections.abc import Mapping, Sequence

from blocks.kit import MAX_TEXT, Block, clip

_NAME = 20  # of a series or a category
_TITLE = 50


def line_chart(title: str, categories: Sequence[str], series: Mapping[str, Sequence[int]]) -> Block:
    """A line for each of `series` (at most 12), with a value for each category (at most 20)."""
    return _chart("line", title, categories, series)


def bar_chart(title: str, categories: Sequence[str], series: Mapping[str, Sequence[int]]) -> Block:
    """Bars for each category (at most 20), one for each of `series` (at most 12)."""
    return _chart("bar", title, categories, series)


def table(*rows: Sequence[str | int]) -> Block:
    """Rows of cells, the headings first; what people typed stays just that. Numbers stand on the right."""
    cells = [[{"type": "raw_text", "text": clip(str(cell), MAX_TEXT) or "–"} for cell in row] for row in rows]
    settings = [{"align": "right" if number else "left", "is_wrapped": True} for number in range(len(rows[0]))]
    return {"type": "table", "rows": cells, "column_settings": settings}


def _chart(kind: str, title: str, categories: Sequence[str], series: Mapping[str, Sequence[int]]) -> Block:
    names = [clip(category, _NAME) for category in categories]
    drawn = [
        {"name": clip(name, _NAME), "data": [{"label": n, "value": v} for n, v in zip(names, values, strict=True)]}
        for name, values in series.items()
    ]
    chart = {"type": kind, "series": drawn, "axis_config": {"categories": names}}
    return {"type": "data_visualization", "title": clip(title, _TITLE), "chart": chart}
