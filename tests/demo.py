"""`python -m tests.demo`: the local workspace, kept in the folder it is started in, with two years behind it."""

import os
import sys
from datetime import datetime
from pathlib import Path

import yaml

from app import Settings
from bot.errands import Errand, Kind, lane_of
from bot.teams import Group, Person, Team
from sandbox import Workspace, seed_team
from store.database import Database
from store.migrate import migrate
from store.playbooks import load_playbook
from store.work import Work
from tests.examples import ROOT
from tests.figures.two_years import Cast, lay, sold

VAR = Path("var")
# A smaller company than that of the tests: of each week's deals only these.
_PLACES = (0, 1, 4, 7, 10, 11, 13, 17, 18, 19)
_GROUPS = {  # who sells, and who takes over
    "EMEA": ("Tom Becker", "Sofía Navarro"),
    "Americas": ("Ana Lima", "Mia Chen"),
    "APAC": ("Keiko Mori", "Ben Okafor"),
}


def main() -> None:
    """Lay the two years unless they are there, then become Baton."""
    VAR.mkdir(exist_ok=True)
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
    workspace = Workspace(manifest, seed_team(), path=VAR / "workspace.db")
    database, playbooks = Database(Settings.read().database_url), load_playbook(ROOT / "playbook.yml")
    migrate(database)
    with database.engine.begin() as connection:
        _lay(Work(connection, workspace.team_id, playbooks), workspace, workspace.clock.now())
    database.close()
    workspace.storage.close()
    os.execv(sys.executable, [sys.executable, str(ROOT / "app.py")])  # noqa: S606  ourselves, and no shell is wanted


def _lay(work: Work, workspace: Workspace, now: datetime) -> None:
    ids = {member.real_name: member.id for member in workspace.members.values()}
    for member in workspace.members.values():
        known = {"email": member.email, "tz": member.tz, "is_admin": member.is_admin, "is_bot": member.is_bot}
        work.remember(Person.model_validate({"id": member.id, "name": member.real_name} | known))
    sells, takes_over = ({team: (ids[pair[side]],) for team, pair in _GROUPS.items()} for side in (0, 1))
    work.settle(
        Team(
            aes=tuple(one for (one,) in sells.values()),
            csms=tuple(one for (one,) in takes_over.values()),
            cs_leader=ids["Leila Haddad"],
            sales_leader=ids["Grace Whitfield"],
            capture_reaction="handshake",
            digest_channel=next(one.id for one in workspace.channels.values() if one.name == "customer-success"),
            zone="Europe/Berlin",
            groups=tuple(Group(team, (*sells[team], *takes_over[team])) for team in _GROUPS),
        )
    )
    deals = sold(Cast(sells, takes_over), now, places=_PLACES)
    for handoff in lay(work, list(deals), ids["Leila Haddad"], now):
        work.post([Errand(Kind.OPEN_CHANNEL, lane_of(handoff))], now, handoff)


if __name__ == "__main__":
    main()
