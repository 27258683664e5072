"""Promises: the commitments of the document with how they go on, until each is kept, renegotiated or broken."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bot import escalations
from bot.documents import COMMITMENTS, rows_of, save_row
from bot.escalations import WORDS, EscalationClosed
from bot.events import Event, SectionSaved
from bot.handoffs import Handoff, Stage
from bot.playbook import Playbook
from bot.records import Promise, PromiseStatus, Severity, Verdict
from bot.refusals import Refusal, refuse_fields
from bot.values import Row, read

(SECTION, FIELD), OUT_OF_SCOPE = COMMITMENTS, "out_of_scope"
ENDINGS = (PromiseStatus.KEPT, PromiseStatus.RENEGOTIATED, PromiseStatus.BROKEN)


class PromiseEvent(Event):
    """Something that happened to the promise of that row; `promised`: word for word as the document had it then."""

    row: str
    promised: str

    def change(self, handoff: Handoff) -> Handoff:
        """With the promise gone on."""
        promise = handoff.promises.get(self.row, Promise(row=self.row))
        news = promise.model_copy(update=self.news())
        return handoff.model_copy(update={"promises": handoff.promises | {self.row: news}})

    def news(self) -> dict[str, object]:
        """What is different after this."""
        return {}


class PromiseJudged(PromiseEvent):
    """The CSM or the SE said whether it can be done."""

    verdict: Verdict
    words: str

    def news(self) -> dict[str, object]:
        """With the verdict."""
        verdict = {"verdict": self.verdict, "verdict_words": self.words}
        return {**verdict, "verdict_by": self.by, "judged": self.promised}


class PromiseEnded(PromiseEvent):
    """It was kept, renegotiated or broken."""

    status: PromiseStatus
    words: str

    def news(self) -> dict[str, object]:
        """Ended."""
        return {"ended": self.status, "ended_words": self.words, "ended_by": self.by, "ended_at": self.at}


class PromiseReopened(PromiseEvent):
    """It had not ended, after all."""

    def news(self) -> dict[str, object]:
        """Open again."""
        return {"ended": None, "ended_words": "", "ended_by": "", "ended_at": None}


class PromiseAssigned(PromiseEvent):
    """Somebody else sees to it (None: whoever is the CSM)."""

    owner: str | None

    def news(self) -> dict[str, object]:
        """With another owner."""
        return {"owner": self.owner}


@dataclass(frozen=True)
class Commitment:
    """What was promised, and how it goes on."""

    row: Row
    promise: Promise

    @property
    def id(self) -> str:
        """The row's."""
        return self.row["id"]

    @property
    def words(self) -> str:
        """Exactly what was promised."""
        return self.row["commitment"]

    @property
    def due(self) -> date | None:
        """The day that was promised."""
        try:
            return date.fromisoformat(self.row.get("due", ""))
        except ValueError:
            return None

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes it."""
        return self.promise.ended is None


# -- looking


def ledger(handoff: Handoff) -> list[Commitment]:
    """Every commitment of the document, in its order."""
    return [
        Commitment(row, handoff.promises.get(row["id"], Promise(row=row["id"])))
        for row in rows_of(handoff, SECTION, FIELD)
        if row.get("commitment")
    ]


def is_removed(handoff: Handoff, row: str) -> bool:
    """Whether it was taken out of the document before it had ended."""
    known = handoff.promises.get(row)
    return not (known and known.ended) and commitment_of(handoff, row) is None


def out_of_scope(handoff: Handoff) -> list[str]:
    """What was explicitly not promised."""
    return [row["item"] for row in rows_of(handoff, SECTION, OUT_OF_SCOPE) if row.get("item")]


def commitment_of(handoff: Handoff, row: str) -> Commitment | None:
    """The commitment of that row, while the document has it."""
    return next((one for one in ledger(handoff) if one.id == row), None)


def find(handoff: Handoff, row: str) -> Commitment:
    """The commitment of that row."""
    found = commitment_of(handoff, row)
    if found is None:
        raise Refusal("This commitment is not in the document any more: somebody removed it. History says who.")
    return found


def find_open(handoff: Handoff, row: str) -> Commitment:
    """The commitment of that row, if somebody still owes it."""
    one = find(handoff, row)
    _refuse_if_cancelled(handoff)
    if one.promise.ended:
        raise Refusal(f"<@{one.promise.ended_by}> has closed this promise already: {one.promise.ended.value}.")
    return one


class Shown(NamedTuple):
    """A promise as a form showed it, to tell what others changed meanwhile."""

    owner: str = ""
    due: str = ""
    digest: str = ""  # of its words and its verdict


def shown(one: Commitment, handoff: Handoff) -> Shown:
    """As a form shows it now."""
    judged = (one.words, one.promise.verdict, one.promise.verdict_words, one.promise.verdict_by)
    digest = hashlib.sha256("\0".join(text or "" for text in judged).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return Shown(owner_of(one.promise, handoff) or "", one.due.isoformat() if one.due else "", digest)


def owner_of(promise: Promise, handoff: Handoff) -> str | None:
    """Who sees to it."""
    return promise.owner or handoff.csm


# -- what people do


def judge(
    handoff: Handoff, row: str, verdict: str, words: str, seen: Shown, told: tuple[str, ...], *, by: str, now: datetime
) -> list[Event]:
    """Say whether it can be done. What cannot be done goes to the leaders (`told`), unless it is with them already."""
    one = find_open(handoff, row)
    words, problems = read(WORDS, words), {}
    said = (one.promise.verdict, one.promise.verdict_words, one.promise.verdict_by, one.promise.judged)
    if said == (verdict, words, by, one.words):
        return []
    if seen.digest != shown(one, handoff).digest:
        problems["words"] = "The promise or its verdict changed while this form was open. Open it again to see how."
    if verdict not in {*Verdict}:
        problems["verdict"] = "Choose a verdict."
    elif verdict != Verdict.FINE and not words:
        problems["words"] = "Say what stands in the way, so that others can help or decide."
    refuse_fields(problems)
    judged = PromiseJudged(by=by, at=now, row=row, promised=one.words, verdict=Verdict(verdict), words=words)
    known = escalations.about(handoff, row)
    if verdict != Verdict.IMPOSSIBLE or (known and known.is_open):
        return [judged]
    what = read(WORDS, f"Cannot be done: {one.words}"[: WORDS.max_length])
    return [judged, escalations.escalate(handoff, what, Severity.HIGH, told, by=by, now=now, promise=row)]


def end(handoff: Handoff, row: str, status: str, words: str, *, by: str, now: datetime) -> list[Event]:
    """It was kept, renegotiated or broken. What the leaders had to decide about it is settled with that."""
    known, words, problems = find(handoff, row).promise, read(WORDS, words), {}
    if (known.ended, known.ended_words, known.ended_by) == (status, words, by):
        return []  # said just now
    one = find_open(handoff, row)
    if status not in ENDINGS:
        problems["status"] = "Choose how it ended."
    elif status != PromiseStatus.KEPT and not words:
        problems["words"] = _WHAT_TO_SAY[PromiseStatus(status)]
    refuse_fields(problems)
    ended = PromiseEnded(by=by, at=now, row=row, promised=one.words, status=PromiseStatus(status), words=words)
    waiting = escalations.about(handoff, row)
    if waiting is None or not waiting.is_open:
        return [ended]
    outcome = f"The promise was {status}. {words}".strip()[: WORDS.max_length]
    return [ended, EscalationClosed(by=by, at=now, escalation=waiting.id, what=waiting.what, outcome=outcome)]


_WHAT_TO_SAY = {
    PromiseStatus.RENEGOTIATED: "Say what was agreed with the customer instead.",
    PromiseStatus.BROKEN: "Say what happened and what the customer was told.",
}


def promise_anew(
    handoff: Handoff, playbook: Playbook, row: str, words: str, due: str, new_row: str, *, by: str, now: datetime
) -> list[Event]:
    """What was agreed instead, for a day, is a commitment of its own in the row `new_row`, with the old one's owner."""
    old = find(handoff, row)
    news = {"commitment": words, "due": due, "said_by": "", "source": f"Renegotiated: {old.words}"}
    saved = _save(handoff, playbook, new_row, old.row | news, by, now)
    if saved is None or old.promise.owner is None:
        return [saved] if saved else []
    return [saved, assign(saved.change(handoff), new_row, old.promise.owner, by=by, now=now)]


def reopen(handoff: Handoff, row: str, *, by: str, now: datetime) -> PromiseReopened:
    """It was closed by mistake, or has to be kept again."""
    one = find(handoff, row)
    _refuse_if_cancelled(handoff)
    if one.is_open:
        raise Refusal("This promise is open already.")
    return PromiseReopened(by=by, at=now, row=row, promised=one.words)


def change(
    handoff: Handoff, playbook: Playbook, row: str, wanted: Shown, seen: Shown, *, by: str, now: datetime
) -> list[Event]:
    """Somebody else sees to it, or it is due on another day. Only what was changed in the form that showed `seen`
    counts; what somebody else has changed otherwise meanwhile is refused."""
    one = find_open(handoff, row)
    standing, problems = shown(one, handoff), {}
    wanted = wanted._replace(owner=wanted.owner or handoff.csm or "")
    owner, due = (
        stands if wants == saw else wants for stands, wants, saw in zip(standing[:2], wanted[:2], seen[:2], strict=True)
    )
    if standing.owner not in (seen.owner, owner):
        problems["owner"] = f"<@{standing.owner}> was named while this form was open. Open it again to name another."
    if standing.due not in (seen.due, due):
        problems["due"] = (
            f"The date was changed to {standing.due} while this form was open. Open it again to change it."
        )
    elif standing.due and not due:
        problems["due"] = "A promise keeps a day. Choose another one, or end the promise."
    refuse_fields(problems)
    moved = _save(handoff, playbook, row, one.row | {"due": due}, by, now) if due != standing.due else None
    passed = assign(handoff, row, owner, by=by, now=now) if owner != standing.owner else None
    return [event for event in (moved, passed) if event]


def assign(handoff: Handoff, row: str, owner: str | None, *, by: str, now: datetime) -> PromiseAssigned:
    """Somebody else sees to it; what is the CSM's goes along when the CSM changes."""
    one = find_open(handoff, row)
    owner = None if owner == handoff.csm else owner
    return PromiseAssigned(by=by, at=now, row=row, promised=one.words, owner=owner)


def _save(
    handoff: Handoff, playbook: Playbook, row: str, values: Mapping[str, str], by: str, now: datetime
) -> SectionSaved | None:
    section = playbook.section(SECTION)
    field = section.by_id.get(FIELD) if section else None
    if section is None or field is None:
        raise Refusal("The playbook of this handoff has no commitments.")
    limits = {column.id: column.max_length for column in field.columns}
    typed = {name: text[: limits[name]] for name, text in values.items() if name in limits}
    return save_row(section, FIELD, handoff, row, typed, by=by, now=now)


def _refuse_if_cancelled(handoff: Handoff) -> None:
    if handoff.stage is Stage.CANCELLED:
        raise Refusal("This handoff is cancelled. Reopen it to go on with its promises.")
