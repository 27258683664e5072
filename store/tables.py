"""The tables. Every one carries the Slack team id, and every query is by team."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AT_ONCE = _EPOCH  # long due, whatever the clock says
# Word for word in the index and in what asks: SQLite compares the words.
TOLD = (
    "kind IN ('DeadlineMissed', 'HandoffReturned', 'FirstContactMade', 'PromiseEnded', 'EscalationRaised',"
    " 'EscalationClosed', 'FeedbackGiven', 'CustomerRepeated')"
)
UNTOLD = "closed_at IS NOT NULL AND contacted_at IS NOT NULL AND wait_wall IS NULL"
UNCONTACTED = "closed_at IS NOT NULL AND contacted_at IS NULL"
_Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up INTEGER keys only


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment, kept as milliseconds since 1970 so that both databases order and subtract it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To milliseconds; rounds up, so that nothing is due before its time."""
        return None if value is None else -(-(value - _EPOCH) // timedelta(milliseconds=1))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Back to a moment."""
        return None if value is None else _EPOCH + timedelta(milliseconds=value)


def _team() -> Column[Any]:
    return Column("team_id", Text, nullable=False)


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of those rows only."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


handoffs = Table(
    "handoffs",
    metadata,
    Column("id", _Id, primary_key=True),
    _team(),
    Column("customer", Text, nullable=False),
    Column("customer_key", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("is_live", Boolean, nullable=False),
    Column("ae", Text, nullable=False),
    Column("csm", Text),
    Column("se", Text),
    Column("segment", Text, server_default="", nullable=False),
    Column("industry", Text, server_default="", nullable=False),  # as industries are compared
    Column("channel_id", Text),
    Column("changed_at", Moment, nullable=False),
    Column("state", Text, nullable=False),  # bot.handoffs.Handoff without its document, as JSON
    Column("document", Text, nullable=False),
    _partial("one_live_handoff_a_name", "team_id", "customer_key", where="is_live", unique=True),
    _partial("one_live_handoff_a_domain", "team_id", "domain", where="is_live AND domain <> ''", unique=True),
    Index("handoff_of_channel", "team_id", "channel_id"),
    # All that is asked about the load of a CSM, so that the handoffs themselves need not be read.
    Index("handoffs_of_csm", "team_id", "csm", "stage", "segment", "industry"),
    Index("handoffs_of_ae", "team_id", "ae", "stage"),
    _partial("handoffs_of_se", "team_id", "se", "stage", where="se IS NOT NULL"),
)

history = Table(
    "history",
    metadata,
    Column("id", _Id, primary_key=True),
    _team(),
    Column("handoff_id", _Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("data", Text, nullable=False),
    Index("history_of_handoff", "team_id", "handoff_id", "id"),
    # What the digest tells of a week; of the kinds that happen with each save there are far too many.
    _partial("history_told", "team_id", "kind", "at", where=TOLD),
)

# What the figures count: a row for each deal, be there a handoff of it or only the CRM's word that it closed.
deals = Table(
    "deals",
    metadata,
    Column("id", _Id, primary_key=True),
    _team(),
    Column("handoff_id", _Id),  # null: nobody has started one
    Column("external_id", Text),  # the CRM's; null: it came from no CRM
    Column("customer", Text, nullable=False),
    Column("customer_key", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("ae", Text, server_default="", nullable=False),
    Column("csm", Text, server_default="", nullable=False),
    Column("segment", Text, server_default="", nullable=False),
    Column("timing_model", Text, server_default="", nullable=False),
    Column("is_cancelled", Boolean, nullable=False, server_default=false()),
    Column("closed_at", Moment),  # when it was signed, as the handoff says or else the CRM
    Column("crm_closed_at", Moment),
    Column("crm_customer", Text, server_default="", nullable=False),  # the name by which the CRM told of it
    Column("started_at", Moment),  # the handoff; and what it says of the signature
    Column("signed_at", Moment),
    Column("csm_named_at", Moment),
    Column("documented_at", Moment),
    Column("substance", Text),  # what the document says, in short; null: there is none with CS, or it says too little
    Column("champion_assumed_at", Moment),
    Column("met_at", Moment),
    Column("introduced_at", Moment),
    Column("contacted_at", Moment),
    # The wait for the first contact in whole minutes, as it was by the calendar of that time.
    *(Column(f"wait_{clock}", Integer) for clock in ("wall", "wall_unpaused", "working", "working_unpaused")),
    Column("heard_at", Moment),  # null: nobody has said whether the customer had to explain something again
    Column("repeated", Text, server_default="", nullable=False),  # ",section,section,"
    Column("scored_at", Moment),
    Column("score", Integer),
    Column("completed_at", Moment),
    Column("is_escalated", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("team_id", "handoff_id", name="one_deal_a_handoff"),
    UniqueConstraint("team_id", "external_id", name="one_deal_an_external_id"),
    Index("deals_of_customer", "team_id", "customer_key"),
    Index("deals_of_domain", "team_id", "domain"),
    Index("deals_closed", "team_id", "closed_at"),
    # With all that is counted of them, so that the deals themselves need not be read.
    Index("deals_introduced", "team_id", "introduced_at", "heard_at", "repeated"),
    Index("deals_scored", "team_id", "scored_at", "score"),
    Index("deals_completed", "team_id", "completed_at", "is_escalated"),
    _partial("deals_sent", "team_id", "documented_at", where="substance IS NOT NULL"),
    _partial("deals_alike", "team_id", "substance", where="substance IS NOT NULL"),
    _partial("deals_without_champion", "team_id", "champion_assumed_at", where="champion_assumed_at IS NOT NULL"),
    _partial("deals_untold", "team_id", where=UNTOLD),
    _partial("deals_uncontacted", "team_id", "closed_at", where=UNCONTACTED),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Id, primary_key=True),
    _team(),
    Column("handoff_id", _Id),
    Column("lane", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("merge_key", Text),  # waiting twins become one
    Column("state", Text, nullable=False, server_default="open"),  # open, done, missed, aside
    Column("due_at", Moment, nullable=False),  # while an attempt runs: when its lease expires
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("started_at", Moment),  # set: an attempt began then whose outcome is not known
    Column("error", Text),
    Column("created_at", Moment, nullable=False),
    _partial("outbox_due", "due_at", where="state = 'open'"),
    _partial("outbox_lanes", "team_id", "lane", "id", where="state = 'open'"),
    _partial("outbox_merge", "team_id", "merge_key", where="state = 'open' AND attempts = 0", unique=True),
    _partial("outbox_done", "id", where="state = 'done'"),
    _partial("outbox_aside", "team_id", "id", where="state = 'aside'"),
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("id", _Id, primary_key=True),
    _team(),
    Column("handoff_id", _Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("owner", Text),  # who owes it now
    Column("started_at", Moment),
    Column("due_at", Moment, nullable=False),
    Column("met_at", Moment),
    Column("is_open", Boolean, nullable=False, server_default=false()),  # still owed
    Column("ask_at", Moment),  # when to ask what it means; null while there is nothing to ask
    UniqueConstraint("team_id", "handoff_id", "kind", "round", name="one_deadline_a_round"),
    _partial("deadlines_of_owner", "team_id", "owner", "due_at", where="is_open"),
    _partial("deadlines_open", "team_id", "due_at", "handoff_id", where="is_open"),
    _partial("deadlines_due", "ask_at", where="ask_at IS NOT NULL"),
)

messages = Table(
    "messages",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("handoff_id", _Id, primary_key=True, autoincrement=False),
    Column("picture", Text, primary_key=True),
    Column("recipient", Text, primary_key=True),
    Column("edition", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("ts", Text, nullable=False),  # "" while it is owed and not posted yet
    Index("messages_to", "team_id", "recipient", "ts"),
)

inbound = Table(
    "inbound",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Index("inbound_by_age", "at"),
)

people = Table(
    "people",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("data", Text, nullable=False),
)

preferences = Table(
    "preferences",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("data", Text, nullable=False),
)

teams = Table(
    "teams",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("settings", Text, nullable=False),
)

playbooks = Table(
    "playbooks",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("data", Text, nullable=False),
)
