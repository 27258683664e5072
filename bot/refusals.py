"""The one way a rule says no: words a person will read, and the fields to blame."""

from collections.abc import Mapping, Sequence

_ECHOED = 40  # letters of what was typed


class Refusal(Exception):
    """A rule refused. `words` is a full sentence for the person; `fields` maps field ids to what is wrong with each."""

    def __init__(self, words: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.fields = dict(fields or {})


def echo(typed: str) -> str:
    """What was typed, within words that Slack parses: it shows that and does nothing else with it."""
    return typed.strip()[:_ECHOED].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def either(words: Sequence[str]) -> str:
    """A, B or C."""
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def refuse_fields(problems: Mapping[str, str]) -> None:
    """Refuse with one sentence for each field in `problems`; do nothing when there is none."""
    if problems:
        raise Refusal(" ".join(problems.values()), problems)
