"""The unit of work: what a handler reads and records in one transaction, for one Slack team."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from bot.colleagues import Colleagues
from bot.consequences import errands_of
from bot.customers import customer_key, web_domain
from bot.deadlines import follow, owes_promises
from bot.errands import Errand
from bot.events import Event, HandoffStarted, SectionSaved
from bot.handoffs import Handoff
from bot.nudges import Watch, watches
from bot.outcomes import Outcome, outcome_of, wait_of
from bot.playbook import Playbook
from bot.preferences import Preferences
from bot.promises import ledger
from bot.refusals import Refusal
from bot.reminders import DeadlineEvent, Nudged
from bot.teams import Person, Team
from bot.timing import Fact
from store import deadlines, deals, records, statements
from store.playbooks import Playbooks
from store.tables import handoffs, history, people, preferences, teams

EventT = TypeVar("EventT", bound=Event | None)
_USUAL = Preferences()


class Work:
    """One transaction for `team`. It cannot await, so it cannot call Slack."""

    def __init__(self, connection: Connection, team: str, books: Playbooks, *, reading: bool = False) -> None:
        self.connection = connection
        self.team = team
        self.has_errands = False
        self._books = books
        self._dialect = connection.dialect.name
        self._handoff = statements.HANDOFF if reading else statements.HELD_HANDOFF
        self._settings: Team | None = None
        self._people: dict[str, tuple[Person | None, Preferences]] = {}

    @property
    def playbook_digest(self) -> str:
        """The version of the practice that new handoffs begin with."""
        return self._books.digest

    # -- reading

    def handoff(self, handoff_id: int) -> Handoff:
        """The handoff as it stands, held against other writers if this may write. Refuses when there is none."""
        row = self.connection.execute(self._handoff, {"handoff": handoff_id, "team": self.team}).one_or_none()
        if row is None:
            raise Refusal("This handoff is not in Baton's records any more.")
        self._settings = records.to_team(row.settings)
        return records.to_handoff(row.id, row.state, row.document)

    def handoffs(self, ids: Collection[int]) -> dict[int, Handoff]:
        """These handoffs, held, by id: without their documents, but where promises are owed, whose words and days stand
        there. The people around them are known with one question."""
        rows = self.connection.execute(statements.HELD_STATES, {"ids": list(ids), "team": self.team})
        states = {row.id: row.state for row in rows}
        found = {handoff_id: records.to_handoff(handoff_id, state) for handoff_id, state in states.items()}
        if owing := [one.id for one in found.values() if owes_promises(one, self.playbook(one))]:
            whole = self.connection.execute(statements.DOCUMENTS, {"ids": owing, "team": self.team})
            found |= {row.id: records.to_handoff(row.id, states[row.id], row.document) for row in whole}
        self._know({*self.settings().leaders, *(person for handoff in found.values() for person in handoff.people)})
        return found

    def playbook(self, handoff: Handoff | None = None) -> Playbook:
        """The practice this handoff began with; without one, today's."""
        return self._books.of(self.connection, self.team, handoff.playbook) if handoff else self._books.current

    def rules_from(self, fact: Fact) -> set[str]:
        """The ids of the rules, in every practice that a handoff may be on, that begin with `fact`."""
        return self._books.rules_from(self.connection, self.team, fact)

    def settings(self) -> Team:
        """What `/handoff setup` settled."""
        if self._settings is None:
            self._settings = records.to_team(self.connection.execute(statements.SETTINGS, {"team": self.team}).scalar())
        return self._settings

    def person(self, user: str | None) -> Person | None:
        """What is known of a member; None when nothing is."""
        return self._known(user)[0] if user else None

    def preferences(self, user: str) -> Preferences:
        """What a member has settled about reminders and hours."""
        return self._known(user)[1]

    def colleagues(self, handoff: Handoff | None = None, others: Iterable[str] = ()) -> Colleagues:
        """Everybody, those of the handoff and the `others` at hand."""
        team = self.settings()
        self._know({*team.leaders, *(handoff.people if handoff else ()), *others})
        statuses = self.playbook(handoff).away_statuses
        return Colleagues(team, self.person, self.preferences, statuses)

    def _known(self, user: str) -> tuple[Person | None, Preferences]:
        if user not in self._people:
            self._know({user})
        return self._people[user]

    def _know(self, users: set[str]) -> None:
        if new := users - self._people.keys():
            who = {"team": self.team, "ids": sorted(new)}
            known = self.connection.execute(statements.PEOPLE, who)
            found = {row.id: Person.model_validate_json(row.data) for row in known}
            settled = self.connection.execute(statements.PREFERENCES, who)
            own = {row.person: Preferences.model_validate_json(row.data) for row in settled}
            self._people |= {user: (found.get(user), own.get(user, _USUAL)) for user in new}

    def saves_since(self, handoff: Handoff, section: str, revision: int) -> list[SectionSaved]:
        """The saves of one section after `revision`, oldest first."""
        events = (event for _, event in self.events(handoff.id, kinds=("SectionSaved",)))
        return [e for e in events if isinstance(e, SectionSaved) and e.section == section and e.revision > revision]

    def events(self, handoff_id: int, kinds: Iterable[str] | None = None) -> list[tuple[int, Event]]:
        """The handoff's history, oldest first, as (row id, event)."""
        query = select(history.c.id, history.c.kind, history.c.data).where(
            history.c.team_id == self.team, history.c.handoff_id == handoff_id
        )
        if kinds is not None:
            query = query.where(history.c.kind.in_(tuple(kinds)))
        return [(row.id, Event.of(row.kind, row.data)) for row in self.connection.execute(query.order_by(history.c.id))]

    def event(self, event_id: int) -> Event:
        """One entry of the history."""
        query = select(history.c.kind, history.c.data).where(history.c.team_id == self.team, history.c.id == event_id)
        return Event.of(*self.connection.execute(query).one())

    def live_handoff_of(self, name: str, website: str) -> Handoff | None:
        """The live handoff of the same customer, by normalised name or web domain."""
        same = handoffs.c.customer_key == customer_key(name)
        if domain := web_domain(website):
            same |= handoffs.c.domain == domain
        query = select(handoffs.c.id, handoffs.c.state, handoffs.c.document).where(
            handoffs.c.team_id == self.team, handoffs.c.is_live, same
        )
        row = self.connection.execute(query.limit(1)).one_or_none()
        return records.to_handoff(row.id, row.state, row.document) if row else None

    # -- recording

    def first_time(self, key: str, now: datetime) -> bool:
        """Whether this request was never recorded before; the same submit delivered twice counts once."""
        request = {"team_id": self.team, "key": key, "at": now}
        return self.connection.execute(statements.ADD_REQUEST[self._dialect], request).first() is not None

    def start(self, event: HandoffStarted) -> Handoff:
        """Record a new handoff."""
        playbook = {"digest": event.playbook, "data": self.playbook().model_dump_json(exclude_unset=True)}
        self.connection.execute(statements.ADD_PLAYBOOK[self._dialect], {"team_id": self.team, **playbook})
        draft = follow(event, event.begin(0), self.playbook())
        new_id = _new_id(self._write(statements.ADD_HANDOFF, draft, event.at))
        handoff = draft.model_copy(update={"id": new_id})
        self.watch(handoff, event.at)
        self.count(handoff)
        self._follow(event, handoff, errands_of(event, None, handoff))
        return handoff

    def record(self, handoff: Handoff, event: EventT) -> Handoff:
        """Record what happened (None: nothing did) with everything that follows from it; the handoff after it."""
        if event is None:
            return handoff
        playbook = self.playbook(handoff)
        after = follow(event, handoff, playbook)
        # Errands come last: one that waits already may be drawn as it was before, until this is committed.
        if _timing(after) != _timing(handoff):
            self.watch(after, event.at, handoff)
        if after is not handoff and outcome_of(after, playbook) != (before := outcome_of(handoff, playbook)):
            self.count(after, before)
        errands = list(errands_of(event, handoff, after))
        if self._dialect == "postgresql" and after is not handoff and all(map(_fits_one_statement, errands)):
            self._record_at_once(event, after, errands)
            return after
        if after is not handoff:
            self._write(statements.CHANGE_HANDOFF, after, event.at, key=handoff.id, team=self.team)
        self._follow(event, after, errands)
        return after

    def record_all(self, told: Sequence[tuple[DeadlineEvent, Handoff]]) -> None:
        """Record what happened to the deadlines of many handoffs, each event with the handoff after it."""
        if not told:
            return
        states = {
            after.id: {"key": after.id, "team": self.team, "state": records.state_of(after), "changed_at": event.at}
            for event, after in told
        }
        self.connection.execute(statements.CHANGE_HANDOFF, list(states.values()))
        if owed := [records.of_reminder(self.team, event, after) for event, after in told if isinstance(event, Nudged)]:
            self.connection.execute(statements.ADD_MESSAGES[self._dialect], owed)
        ids = self.connection.execute(statements.ADD_EVENTS, [records.of_event(self.team, *one) for one in told])
        self._post(
            records.of_errand(self.team, errand, event.at, after, event_id)
            for (event, after), event_id in zip(told, ids.scalars(), strict=True)
            for errand in errands_of(event, None, after)
        )

    def watch(self, handoff: Handoff, now: datetime, before: Handoff | None = None) -> None:
        """Write down who owes what of the handoff, and when to ask about it. What `before` had and is no more, ends."""
        rows = self._rows(handoff, now)
        keys = {(row["kind"], row["round"]) for row in rows}
        gone = [row for row in self._rows(before, now) if (row["kind"], row["round"]) not in keys] if before else []
        ended = {kind: entry.ended.at for kind, entry in handoff.awaited.items() if entry.ended}
        closed = {"is_open": False, "ask_at": None}
        over = [row | closed | {"met_at": row["met_at"] or ended.get(row["kind"])} for row in gone]
        deadlines.put(self.connection, [*rows, *over])

    def count(self, handoff: Handoff, before: Outcome | None = None) -> None:
        """Write down what the handoff comes to in the figures, and came to `before`: a wait that was told stays so."""
        playbook = self.playbook(handoff)
        outcome = outcome_of(handoff, playbook)
        deals.hold(self.connection, self.team, [outcome, before or outcome])
        if closed_at := deals.put(self.connection, self.team, handoff.id, outcome):
            calendar = self.colleagues(handoff).calendar(handoff.csm or handoff.ae)
            deals.tell(self.connection, self.team, handoff.id, wait_of(handoff, playbook, calendar, closed_at))

    def watches(self, handoff: Handoff) -> list[Watch]:
        """Every deadline of the handoff that has begun."""
        return watches(handoff, self.playbook(handoff), self.colleagues(handoff))

    def _rows(self, handoff: Handoff, now: datetime) -> list[dict[str, Any]]:
        return deadlines.rows_of(self.team, self.watches(handoff), now)

    def post(self, errands: Iterable[Errand], now: datetime, handoff: Handoff | None = None, event_id: int = 0) -> None:
        """Put errands into the outbox; a merging one that already waits is enough."""
        self._post(records.of_errand(self.team, errand, now, handoff, event_id) for errand in errands)

    def settle(self, settings: Team) -> None:
        """Keep what setup settled; every open deadline is thought of anew."""
        self._settings = settings
        self._put(teams, {"team_id": self.team, "settings": settings.model_dump_json(exclude_unset=True)})
        deadlines.ask_again(self.connection, self.team)

    def prefer(self, user: str, settled: Preferences) -> None:
        """Keep what a member settled; what that member owes is thought of anew."""
        self._people.pop(user, None)
        self._put(preferences, {"team_id": self.team, "person": user, "data": settled.model_dump_json()})
        deadlines.ask_again(self.connection, self.team, user)

    def remember(self, person: Person) -> None:
        """Keep what is known of a member; when it is news, what that member owes is thought of anew."""
        if self.person(person.id) != person:
            self._people.pop(person.id, None)
            self._put(people, {"team_id": self.team, "id": person.id, "data": person.model_dump_json()})
            deadlines.ask_again(self.connection, self.team, person.id)

    def _follow(self, event: Event, after: Handoff, errands: Iterable[Errand]) -> None:
        if isinstance(event, Nudged):
            owed = [records.of_reminder(self.team, event, after)]
            self.connection.execute(statements.ADD_MESSAGES[self._dialect], owed)
        added = self.connection.execute(statements.ADD_EVENT, records.of_event(self.team, event, after))
        self.post(errands, event.at, after, _new_id(added))

    def _record_at_once(self, event: Event, after: Handoff, errands: list[Errand]) -> None:
        """As one statement: where the database is over a network, each one less is a wait less for the person."""
        entries = [records.of_errand(self.team, errand, event.at, after, 0) for errand in errands]
        told = records.of_event(self.team, event, after)
        self.has_errands |= bool(errands)
        self._write(statements.RECORD, after, event.at, errands=json.dumps(entries, default=str), **told)

    def _post(self, entries: Iterable[dict[str, Any]]) -> None:
        # Those of a lane stay in order; the lanes have one order too, so that two transactions wait in no circle.
        if rows := sorted(entries, key=lambda row: row["lane"]):
            self.has_errands = True
            self.connection.execute(statements.ADD_ERRANDS[self._dialect], rows)

    def _write(self, statement: Any, handoff: Handoff, now: datetime, **parameters: Any) -> Any:
        try:
            return self.connection.execute(statement, records.of_handoff(self.team, handoff, now) | parameters)
        except IntegrityError:
            blame = f"{handoff.customer} (or its web address) has another live handoff."
            raise Refusal("This customer has another live handoff.", {"company_name": blame}) from None

    def _put(self, table: Any, row: dict[str, Any]) -> None:
        keys = [column.name for column in table.primary_key]
        statement = (sqlite if self._dialect == "sqlite" else postgresql).insert(table).values(row)
        news = {name: value for name, value in row.items() if name not in keys}
        self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=news))


def _timing(handoff: Handoff) -> tuple[Any, ...]:
    """All that moves deadlines."""
    facts = (handoff.stage, handoff.signed_at, handoff.expected_close, handoff.timing_model)
    return *facts, handoff.awaited, handoff.people, handoff.questions, ledger(handoff)


def _fits_one_statement(errand: Errand) -> bool:
    return errand.merges and not errand.is_shared and errand.due_at is None


def _new_id(added: CursorResult[Any]) -> int:
    return int((added.inserted_primary_key or (0,))[0])
