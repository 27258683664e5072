"""The App Home: its tabs, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import Block, Style, View
from bot.homes import Tab

TABS = {
    Tab.TEAM: ("Team", Id.HOME_TEAM),
    Tab.CS: ("Customer Success", Id.HOME_CS),
    Tab.SALES: ("Sales", Id.HOME_SALES),
    Tab.ADMIN: ("Admin", Id.HOME_ADMIN),
}


@dataclass(frozen=True)
class Standing:
    """Whose Home it is, which tabs there are, which of them is shown, and what of it (`ref`)."""

    me: str
    now: datetime
    tabs: Sequence[Tab]
    tab: Tab
    ref: Ref


def home_of(tab: Tab, page: int = 0, **asked: str) -> Ref:
    """Where the Home stands: `choice` is a stage, `seen` the words of a name."""
    return Ref(below=TABS[tab][1], page=page).model_copy(update=asked)


def tab_in(ref: Ref, tabs: Sequence[Tab]) -> Tab:
    """The tab that is asked for; the first one where that is none (any more) of the person's."""
    return next((tab for tab in tabs if TABS[tab][1] == ref.below), tabs[0])


def home_view(standing: Standing, blocks: Sequence[Block]) -> View:
    """The whole Home: the tabs, if there are several, and what is on this one."""
    tabs = [
        kit.button(words, tab_id, Ref(below=tab_id).pack(), Style.PRIMARY if tab is standing.tab else Style.PLAIN)
        for tab, (words, tab_id) in TABS.items()
        if tab in standing.tabs
    ]
    drawn = kit.context(f"As of {kit.moment(standing.now)}.")
    return kit.home([*([kit.actions(*tabs)] if len(tabs) > 1 else []), *blocks, drawn], standing.ref.pack())
