"""Charts and tables as Slack draws them: numbers beside each other, in a message."""

from collections.abc import Collection, Mapping, Sequence

from blocks.kit import MAX_TEXT, Block, Element, clip, rich, strong

_NAME = 20  # of a series or a category
_TITLE = 50


def line_chart(title: str, categories: Sequence[str], series: Mapping[str, Sequence[int]]) -> Block:
    """A line for each of `series` (at most 12), with a value for each category (at most 20)."""
    return _chart("line", title, categories, series)


def bar_chart(title: str, categories: Sequence[str], series: Mapping[str, Sequence[int]]) -> Block:
    """Bars for each category (at most 20), one for each of `series` (at most 12)."""
    return _chart("bar", title, categories, series)


def table(*rows: Sequence[str | int], bold: Collection[int] = ()) -> Block:
    """Rows of cells, the headings first; what people typed stays just that. Numbers stand on the right. `bold`: the
    rows that are headings, too."""
    cells = [[_cell(clip(str(cell), MAX_TEXT) or "–", bold=n in bold) for cell in row] for n, row in enumerate(rows)]
    settings = [{"align": "right" if number else "left", "is_wrapped": True} for number in range(len(rows[0]))]
    return {"type": "table", "rows": cells, "column_settings": settings}


def _cell(text: str, *, bold: bool) -> Element:
    return rich([strong(text)]) if bold else {"type": "raw_text", "text": text}


def _chart(kind: str, title: str, categories: Sequence[str], series: Mapping[str, Sequence[int]]) -> Block:
    names = [clip(category, _NAME) for category in categories]
    drawn = [
        {"name": clip(name, _NAME), "data": [{"label": n, "value": v} for n, v in zip(names, values, strict=True)]}
        for name, values in series.items()
    ]
    chart = {"type": kind, "series": drawn, "axis_config": {"categories": names}}
    return {"type": "data_visualization", "title": clip(title, _TITLE), "chart": chart}
