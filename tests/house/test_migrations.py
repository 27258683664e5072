"""The migrations lay the very tables that store/tables.py describes, on both databases, and take them away again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, UniqueConstraint, inspect, text

from store.database import Database, DatabaseError
from store.migrate import HEAD, migrate
from store.tables import metadata

MIGRATIONS = Path(__file__).parents[2] / "store/migrations"


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, as store/migrate.py makes them."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database, SQLite and PostgreSQL."""
    opened = Database(database_url)
    yield opened
    opened.close()


def tables(connection: Connection) -> set[str]:
    """The tables there are."""
    return set(inspect(connection).get_table_names())


def test_head_is_the_newest_migration_and_the_only_end() -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [HEAD]


def test_the_migrations_lay_the_tables_of_the_code(database: Database) -> None:
    with database.engine.connect() as connection:
        assert tables(connection) == {*metadata.tables, "alembic_version"}
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []


def test_partial_indexes_are_partial(database: Database) -> None:
    """Alembic does not compare what an index leaves out, and one live handoff a customer hangs on it."""
    with database.engine.connect() as connection:
        for table in metadata.sorted_tables:
            there = {index["name"]: index for index in inspect(connection).get_indexes(table.name)}
            for index in table.indexes:
                dialect = connection.dialect.name
                where = index.dialect_options[dialect]["where"]
                laid = there[index.name].get("dialect_options", {}).get(f"{dialect}_where")
                assert (where is None) == (laid is None), index.name
                assert bool(index.unique) == bool(there[index.name]["unique"]), index.name


def test_a_migrated_database_is_left_as_it_is(database: Database) -> None:
    migrate(database)
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]


def test_downgrade_takes_everything_away_and_upgrade_lays_it_again(database: Database) -> None:
    with database.engine.connect() as connection, connection.begin():
        command.downgrade(config(connection), "base")
        assert tables(connection) == {"alembic_version"}
    migrate(database)
    with database.engine.connect() as connection:
        assert tables(connection) == {*metadata.tables, "alembic_version"}


def test_a_database_of_a_newer_baton_is_refused_by_the_name_of_its_setting(database: Database) -> None:
    with database.engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match=r"^DATABASE_URL: the database is not this version's"):
        migrate(database)


@pytest.mark.parametrize("name", metadata.tables)
def test_every_table_is_by_team(name: str) -> None:
    table = metadata.tables[name]
    assert not table.c.team_id.nullable
    uniques = [unique.columns for unique in table.constraints if isinstance(unique, UniqueConstraint)]
    indexes = [index.columns for index in table.indexes if index.unique]
    for columns in (*uniques, *indexes):
        assert "team_id" in {column.name for column in columns}
