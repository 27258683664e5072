"""Alembic's door: runs the migrations on the connection that store/migrate.py holds."""

from alembic import context

from store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transaction_per_migration=False
)
context.run_migrations()
