"""The statements that clicks run again and again, built once: building one costs as much as running it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, insert, literal_column, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from store.tables import (
    Moment,
    deadlines,
    handoffs,
    history,
    inbound,
    messages,
    outbox,
    people,
    playbooks,
    preferences,
    teams,
)

# A handoff comes with its team's settings: almost every door needs both.
HANDOFF = (
    select(handoffs.c.id, handoffs.c.state, handoffs.c.document, teams.c.settings)
    .select_from(handoffs.outerjoin(teams, teams.c.team_id == handoffs.c.team_id))
    .where(handoffs.c.id == bindparam("handoff"), handoffs.c.team_id == bindparam("team"))
)
HELD_HANDOFF = HANDOFF.with_for_update(of=handoffs)
ADD_HANDOFF = insert(handoffs)
# Many at once and without their documents; in the order of their ids, so that two who hold some wait in no circle.
HELD_STATES = (
    select(handoffs.c.id, handoffs.c.state)
    .where(handoffs.c.id.in_(bindparam("ids", expanding=True)), handoffs.c.team_id == bindparam("team"))
    .order_by(handoffs.c.id)
    .with_for_update()
)
DOCUMENTS = select(handoffs.c.id, handoffs.c.document).where(
    handoffs.c.id.in_(bindparam("ids", expanding=True)), handoffs.c.team_id == bindparam("team")
)
CHANGE_HANDOFF = update(handoffs).where(handoffs.c.id == bindparam("key"), handoffs.c.team_id == bindparam("team"))
SETTINGS = select(teams.c.settings).where(teams.c.team_id == bindparam("team"))
ADD_EVENT = insert(history)
ADD_EVENTS = insert(history).returning(history.c.id, sort_by_parameter_order=True)


def _each(statement: Callable[[Any], Any]) -> dict[str, Any]:
    """By the dialect's name: ON CONFLICT is each one's own."""
    return {"sqlite": statement(sqlite.insert), "postgresql": statement(postgresql.insert)}


def _over(adding: Any) -> Any:
    """A deadline that is known already is written over."""
    key = ("team_id", "handoff_id", "kind", "round")
    news = {column.name: column for column in adding.excluded if column.name not in ("id", *key)}
    return adding.on_conflict_do_update(index_elements=key, set_=news)


def _newest(adding: Any) -> Any:
    """An errand that still waits is about what the newest is about."""
    waiting = {"index_elements": ("team_id", "merge_key"), "index_where": text("state = 'open' AND attempts = 0")}
    return adding.on_conflict_do_update(**waiting, set_={"about": adding.excluded.about})


# RETURNING, because PostgreSQL's driver counts no rows of an insert, and sends several rows one by one without it.
ADD_REQUEST = _each(lambda insert: insert(inbound).on_conflict_do_nothing().returning(inbound.c.team_id))
ADD_PLAYBOOK = _each(lambda insert: insert(playbooks).on_conflict_do_nothing())
ADD_ERRANDS = _each(lambda insert: insert(outbox).on_conflict_do_nothing().returning(outbox.c.id))
PUT_ERRAND = _each(lambda insert: _newest(insert(outbox)))
PUT_DEADLINES = _each(lambda insert: _over(insert(deadlines)).returning(deadlines.c.id))
ADD_MESSAGES = _each(lambda insert: insert(messages).on_conflict_do_nothing().returning(messages.c.team_id))
PEOPLE = select(people.c.id, people.c.data).where(
    people.c.team_id == bindparam("team"), people.c.id.in_(bindparam("ids", expanding=True))
)
PREFERENCES = select(preferences.c.person, preferences.c.data).where(
    preferences.c.team_id == bindparam("team"), preferences.c.person.in_(bindparam("ids", expanding=True))
)
DUE_OF = select(deadlines.c.handoff_id, deadlines.c.kind, deadlines.c.round).where(
    deadlines.c.team_id == bindparam("team"),
    deadlines.c.handoff_id.in_(bindparam("ids", expanding=True)),
    # The sum keeps PostgreSQL from going through everything that is due anywhere: it may be much more than it thinks.
    literal_column("ask_at + 0", Moment) <= bindparam("now", type_=Moment),
)

# The handoff, its history and its (merging) errands in one statement, which SQLite has no words for.
_CHANGING = ", ".join(f"{c.name} = :{c.name}" for c in handoffs.c if c.name not in ("id", "team_id"))
RECORD = text(f"""
    WITH changed AS (UPDATE handoffs SET {_CHANGING} WHERE id = :handoff_id AND team_id = :team_id),
    posted AS (
        INSERT INTO outbox (team_id, handoff_id, lane, kind, about, merge_key, due_at, created_at)
        SELECT :team_id, :handoff_id, lane, kind, about, merge_key, :at, :at
        FROM json_to_recordset(CAST(:errands AS json)) AS e (lane text, kind text, about text, merge_key text)
        ON CONFLICT DO NOTHING
    )
    INSERT INTO history (team_id, handoff_id, kind, by, at, data) VALUES (:team_id, :handoff_id, :kind, :by, :at, :data)
""").bindparams(bindparam("at", type_=Moment), bindparam("changed_at", type_=Moment))  # noqa: S608  names of our columns
