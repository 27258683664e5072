"""Which figures a person asks for: a stretch of time, some of the deals, or a row for each of them."""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.metrics import By, Slice
from bot.periods import NoPeriod, Period, read_period
from bot.refusals import Refusal, echo, either
from bot.teams import Person, Team

PEOPLE = (By.AE, By.CSM)
_SIMILAR = 0.7
_KINDS = "|".join(By)
_SLICE = re.compile(rf"(?:^|\s)({_KINDS})\s*:\s*(.+)$", re.IGNORECASE | re.DOTALL)
_BY = re.compile(rf"(?:^|\s)by\s+({_KINDS})s?(?=\s|$)", re.IGNORECASE)
_MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
_KIND = re.compile(rf"(?:^|\s)({_KINDS})\s*:", re.IGNORECASE)
_UNKNOWN_BY = re.compile(r"(?:^|\s)by(?:\s+(\S+))?(?=\s|$)", re.IGNORECASE)
_UNKNOWN_KIND = re.compile(r"(?:^|\s)([^\s:]+:)")
_ROWS = either([f"`by {by}`" for by in By])
_SLICES = "Slices are `ae:` and `csm:` with a name or `me`, `team:`, `segment:` and `timing:`"
USAGE = f"{_SLICES}; or a row for each with {_ROWS}."


@dataclass(frozen=True)
class Asked:
    """The figures of a period: of all deals or of a slice; `by`: a row for each AE, segment and so on."""

    period: Period
    of: Slice | None = None
    by: By | None = None


@dataclass(frozen=True)
class Choices:
    """What there is to slice by, in one workspace. `segments` and `timing_models`: id -> label."""

    me: str
    team: Team
    segments: Mapping[str, str]
    timing_models: Mapping[str, str]
    members: Callable[[], Sequence[Person]]

    def slice_of(self, by: str, key: str) -> Slice | None:
        """The slice of that very key, as a form or a button carries it. Refuses a team that is no more."""
        if not by or not key:
            return None
        if By(by) in PEOPLE:
            return Slice(By(by), key)
        if By(by) is not By.TEAM:
            return Slice(By(by), key, label=self.named(By(by)).get(key, ""))
        people = next((group.people for group in self.team.groups if group.name == key), None)
        if people is None:
            raise Refusal(
                f"There is no team “{echo(key)}” any more: it was renamed or taken away in `/handoff teams`. Ask for "
                "the figures anew."
            )
        return Slice(By.TEAM, key, people)

    def find(self, by: By, typed: str) -> list[str]:
        """The keys that `typed` may mean."""
        if by in PEOPLE:
            return self._people(typed)
        wanted = _plain(typed)
        return [key for key, label in self.named(by).items() if wanted in (_plain(key), _plain(label))]

    def named(self, by: By) -> dict[str, str]:
        """Key -> label of all there is."""
        match by:
            case By.TEAM:
                return {group.name: group.name for group in self.team.groups}
            case By.SEGMENT:
                return dict(self.segments)
            case By.TIMING:
                return dict(self.timing_models)
            case _:
                return {one.id: one.name for one in self.members() if not one.is_bot and not one.deleted}

    def _people(self, typed: str) -> list[str]:
        if mention := _MENTION.fullmatch(typed):
            return [mention[1]]
        wanted = _plain(typed.removeprefix("@"))
        if wanted == "me":
            return [self.me]
        names = self.named(By.AE)
        return [key for key, name in names.items() if wanted == _plain(name)] or [
            key for key, name in names.items() if wanted == _plain(name.split()[0] if name.split() else "")
        ]


def read_asked(typed: str, choices: Choices, now: datetime) -> Asked:
    """What a person typed after `/handoff metrics`: period, slice, `by …`, in any order. Refuses what is unknown."""
    by, of = None, None
    for pattern, shape in ((_KIND, "`{}:`"), (_BY, "`by {}`")):
        if len(several := pattern.findall(typed)) > 1:
            raise Refusal(f"One of these at a time: {either([shape.format(one.lower()) for one in several])}.")
    if found := _BY.search(typed):
        by = By(found[1].lower())
        typed = f"{typed[: found.start()]} {typed[found.end() :]}"
    if found := _SLICE.search(typed):
        of, rest = _slice(By(found[1].lower()), found[2].split(), choices)
        typed = f"{typed[: found.start()]} {rest}"
    if by is By.TEAM and of:
        raise Refusal("`by team` is of all deals: leave the slice out, or name the team, as in `team:EMEA by csm`.")
    words = typed.strip()
    try:
        return Asked(read_period(words, now, choices.team.zone), of, by)
    except NoPeriod as refusal:
        if unknown := _UNKNOWN_BY.search(words):
            what = f"“by {echo(unknown[1])}” is nothing I know" if unknown[1] else "By what"
            raise Refusal(f"{what}: a row for each comes with {_ROWS}.") from None
        if unknown := _UNKNOWN_KIND.search(words):
            raise Refusal(f"“{echo(unknown[1])}” is no slice I know. {_SLICES}.") from None
        raise Refusal(f"{refusal.words} {_near(words, choices) or USAGE}") from None


def _slice(by: By, words: Sequence[str], choices: Choices) -> tuple[Slice, str]:
    """The slice of as many of the words as name something, and the words that follow it."""
    for count in range(len(words), 0, -1):
        found = choices.find(by, " ".join(words[:count]))
        if len(found) > 1:
            names = ", ".join(f"<@{one}>" if by in PEOPLE else echo(one) for one in found[:5])
            raise Refusal(f"Which one do you mean: {names}?")
        if found and (slice_ := choices.slice_of(by, found[0])):
            return slice_, " ".join(words[count:])
    typed, known = " ".join(words), [*choices.named(by).values()]
    near = _alike(typed.removeprefix("@"), {name: name for name in known})
    what = f"“{echo(typed)}” is no {WORDS[by]} I know."
    if near:
        raise Refusal(f"{what} Did you mean `{by}:{near}`?")
    if by in PEOPLE:
        raise Refusal(f"{what} Type a name as Slack shows it, or `{by}:me`.")
    offered = ", ".join(f"`{by}:{echo(name)}`" for name in known[:10])
    raise Refusal(f"{what} There is {offered}." if offered else f"{what} An admin names teams in `/handoff teams`.")


WORDS = {By.AE: "AE", By.CSM: "CSM", By.TEAM: "team", By.SEGMENT: "segment", By.TIMING: "timing model"}


def _near(typed: str, choices: Choices) -> str:
    """What was probably meant by a word that is no period: the name of a slice without its kind."""
    for by in (By.SEGMENT, By.TIMING, By.TEAM):
        if near := _alike(typed, {one: key for key, label in choices.named(by).items() for one in (key, label)}):
            return f"Did you mean `{by}:{near}`?"
    return ""


def _alike(typed: str, names: Mapping[str, str]) -> str:
    """What the most similar of the names stands for, "" when none is similar."""
    plain = {_plain(name): key for name, key in names.items()}
    close = difflib.get_close_matches(_plain(typed), plain, n=1, cutoff=_SIMILAR)
    return echo(plain[close[0]]) if close else ""


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
