"""The one way a rule says no: words a person will read, and the fields to blame."""

from collections.abc import Mapping


class Refusal(Exception):
    """A rule refused. `words` is a full sentence for the person; `fields` maps field ids to what is wrong with each."""

    def __init__(self, words: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.fields = dict(fields or {})


def refuse_fields(problems: Mapping[str, str]) -> None:
    """Refuse with one sentence for each field in `problems`; do nothing when there is none."""
    if problems:
        raise Refusal(" ".join(problems.values()), problems)
