"""The rules of a handoff in pure Python: no Slack, no SQL, no clock, no network."""
