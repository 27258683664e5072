"""What Baton remembers: handoffs, history, outbox and deadlines, in SQLite or PostgreSQL."""
