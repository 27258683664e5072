"""Block Kit's rich text, with its elements."""

from __future__ import annotations

from typing import Any

from sandbox.blockkit.checks import anything, array, boolean, by_type, integer, one_of, shape, string, url

STYLE = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight",
                                 "unlink"), boolean))  # fmt: skip
ID = string(255)
INLINE = by_type(
    {
        "text": shape({"type": anything, "text": string(40_000)}, {"style": STYLE}),
        "link": shape({"type": anything, "url": url()}, {"text": string(40_000), "style": STYLE, "unsafe": boolean}),
        "user": shape({"type": anything, "user_id": ID}, {"style": STYLE}),
        "channel": shape({"type": anything, "channel_id": ID}, {"style": STYLE}),
        "usergroup": shape({"type": anything, "usergroup_id": ID}, {"style": STYLE}),
        "emoji": shape({"type": anything, "name": ID}, {"unicode": ID, "style": STYLE, "skin_tone": integer(1, 6)}),
        "broadcast": shape({"type": anything, "range": one_of("here", "channel", "everyone")}, {"style": STYLE}),
        "color": shape({"type": anything, "value": ID}, {"style": STYLE}),
        "date": shape(
            {"type": anything, "timestamp": integer(0, 10**11), "format": string(3000)},
            {"url": url(), "fallback": string(3000), "style": STYLE},
        ),
    },
    {},
    "rich text element",
)
SECTION = shape({"type": anything, "elements": array(INLINE, 1000)})
LIST = shape(
    {"type": anything, "style": one_of("bullet", "ordered"), "elements": array(SECTION, 1000)},
    {"indent": integer(0, 8), "offset": integer(0, 10_000), "border": integer(0, 1)},
)
QUOTE = shape({"type": anything, "elements": array(INLINE, 1000)}, {"border": integer(0, 1)})
PREFORMATTED = shape(
    {"type": anything, "elements": array(INLINE, 1000)}, {"border": integer(0, 1), "language": string(100)}
)
RICH_TEXT = shape(
    {
        "type": one_of("rich_text"),
        "elements": array(
            by_type(
                {
                    "rich_text_section": SECTION,
                    "rich_text_list": LIST,
                    "rich_text_quote": QUOTE,
                    "rich_text_preformatted": PREFORMATTED,
                },
                {},
                "rich text element",
            ),
            1000,
            0,
        ),
    },
    {"block_id": string(255)},
)


def characters(value: Any) -> int:
    """How many characters of text are anywhere in it."""
    if isinstance(value, dict):
        return sum(len(each) if name == "text" and isinstance(each, str) else characters(each)
                   for name, each in value.items())  # fmt: skip
    return sum(map(characters, value)) if isinstance(value, list) else 0
