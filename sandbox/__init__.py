"""A small, strict Slack on the desk: one team, one installed app, its Web API, Socket Mode and a page for people."""

from sandbox.clock import Clock
from sandbox.people import PersonSeed, seed_team
from sandbox.workspace import Workspace

__all__ = ["Clock", "PersonSeed", "Workspace", "seed_team"]
