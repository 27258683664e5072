"""The learning loop's short list: what happened, how often, and the place in the playbook to change."""

from collections.abc import Sequence

from blocks import kit
from blocks.kit import Block
from bot.lessons import Lesson
from bot.periods import Period

_WORDS = 140  # letters of what a CSM said


def lessons_blocks(lessons: Sequence[Lesson] | None, period: Period, *, confidential: bool) -> list[Block]:
    """A line for each (None: there was nothing to learn from); with the CSMs' words where they are for the reader
    (`confidential`)."""
    if not lessons:
        return [kit.section(f"*{lessons_text(lessons, period)}*")]
    lines = [kit.section(_line(lesson, confidential=confidential)) for lesson in lessons]
    last = "The places are in `playbook.yml`. What is changed there holds for handoffs that start afterwards."
    return [kit.section(f"*{lessons_text(lessons, period)}*"), *lines, kit.context(last)]


def lessons_text(lessons: Sequence[Lesson] | None, period: Period) -> str:
    """What a notification says."""
    if lessons is None:
        return f"Lessons of {period.title}: none, for no deal closed, and no handoff was introduced or completed."
    if not lessons:
        return f"Lessons of {period.title}: nothing was returned, broken, missing or explained again."
    return f"Lessons of {period.title}"


def _line(lesson: Lesson, *, confidential: bool) -> str:
    said = f"\n> {kit.in_brief(lesson.words, _WORDS)}" if confidential and lesson.words else ""
    return f"• *{kit.escape(lesson.what)}*{said}\n→ `{lesson.place}`: {lesson.change}"
