"""What a month told of the practice: returns, promises that were not kept, and what the documents lacked."""

import json
from collections import Counter
from typing import Any

from sqlalchemy import select, text

from bot.lessons import Heard
from bot.periods import Period
from bot.promises import FIELD, SECTION
from bot.records import PromiseStatus
from store.tables import TOLD, handoffs, history
from store.work import Work

_KINDS = ("HandoffReturned", "PromiseEnded", "FeedbackGiven", "CustomerRepeated")
_AT_ONCE = 500  # documents


def heard(work: Work, period: Period) -> Heard:
    """What happened in the period, the newest words first."""
    where = (history.c.team_id == work.team, history.c.kind.in_(_KINDS), text(TOLD))
    when = (history.c.at >= period.starts_at, history.c.at < period.ends_at)
    query = select(history.c.handoff_id, history.c.kind, history.c.data).where(*where, *when)
    found, unkept = Heard(), []
    for handoff_id, kind, data in work.connection.execute(query.order_by(history.c.at.desc())):
        facts = json.loads(data)
        if kind == "HandoffReturned":
            found.returns[facts["reason"]] += 1
            found.gaps.setdefault(facts["reason"], Counter()).update(facts.get("gaps", ()))
        elif kind == "CustomerRepeated":
            found.repeated.update(facts.get("sections", ()))
        elif kind == "FeedbackGiven":
            _hear(found, facts)
        elif facts["status"] != PromiseStatus.KEPT:
            unkept.append((handoff_id, facts["row"], PromiseStatus(facts["status"])))
    kinds = _kinds(work, sorted({handoff_id for handoff_id, _, _ in unkept}))
    for handoff_id, row, status in unkept:
        found.unkept.setdefault(kinds.get((handoff_id, row), ""), Counter())[status] += 1
    return found


def _hear(found: Heard, facts: dict[str, Any]) -> None:
    missing, untrue = facts.get("missing", ()), facts.get("untrue", ())
    found.missing.update(missing)
    found.untrue.update(untrue)
    if words := facts.get("words", ""):
        for section in dict.fromkeys((*missing, *untrue)):
            found.words.setdefault(section, []).append(words)


def _kinds(work: Work, ids: list[int]) -> dict[tuple[int, str], str]:
    """The kind of each commitment of these handoffs, by handoff and row."""
    kinds: dict[tuple[int, str], str] = {}
    for first in range(0, len(ids), _AT_ONCE):
        some = handoffs.c.id.in_(ids[first : first + _AT_ONCE])
        query = select(handoffs.c.id, handoffs.c.document).where(handoffs.c.team_id == work.team, some)
        for handoff_id, document in work.connection.execute(query):
            rows = json.loads(document).get(SECTION, {}).get("values", {}).get(FIELD, [])
            kinds |= {(handoff_id, row["id"]): row.get("kind", "") for row in rows}
    return kinds
