"""Bringing the schema up to date at start, safely when several processes start at once."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from store.database import Database, DatabaseError

HEAD = "0004"  # the newest revision in migrations/versions; a test holds it there
_ADVISORY_LOCK = 0x6261746F6E  # "baton"


def migrate(database: Database) -> None:
    """Upgrade to HEAD. Raises DatabaseError, naming the setting, when the database can't be reached or is too new."""
    try:
        with database.engine.connect() as connection, connection.begin():
            if not database.is_sqlite:  # on SQLite the lock file and BEGIN IMMEDIATE do the same
                connection.execute(text("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s'"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            if _revision(connection) != HEAD:
                _upgrade(connection)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise DatabaseError(f"DATABASE_URL: the database can't be used: {reason}") from None


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    # Imported only when there is something to do: it costs a third of a cold start.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise DatabaseError(f"DATABASE_URL: the database is not this version's: {error}") from None
