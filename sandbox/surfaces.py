"""A message, a modal or a Home as a person uses it: elements found by what is written on or beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox import acts, interactions
from sandbox.controls import Control, plain_value, shown_value
from sandbox.errors import FormErrors
from sandbox.reading import block_lines, element_lines, text_object, visible
from sandbox.records import Json, Message, View
from sandbox.state_values import VALUE_NAMES, current, interactive, options
from sandbox.views import type_one
from sandbox.workspace import Workspace

PRESSED = ("button", "icon_button", "workflow_button")


class Surface:
    """Where elements are. Labels that are not there raise LookupError, which lists those that are."""

    def __init__(self, team: Workspace, me: str) -> None:
        self._team = team
        self._me = me

    def _place(self) -> Message | View:
        raise NotImplementedError

    @property
    def blocks(self) -> list[Json]:
        return acts.blocks_of(self._place())

    @property
    def buttons(self) -> list[str]:
        """Labels of the buttons, in reading order."""
        return [control.names[0] for control in self._controls() if control.element["type"] in PRESSED]

    @property
    def menus(self) -> list[str]:
        """What the overflow menus offer."""
        return [control.names[0] for control in self._controls() if control.option is not None]

    def choices(self, label: str, *, near: str | None = None) -> list[str]:
        """The visible options of a select, radio or checkbox group."""
        control = self._find(label, self._inputs(), near=near)
        return [text_object(self._team, option["text"]) for option in options(control.element)]

    def offers(self, label: str, *, near: str | None = None) -> bool:
        """Whether something with this label is here to press or to choose in."""
        return any(label in each.names and (near is None or near in each.row) for each in self._controls())

    async def press(self, label: str, *, nth: int = 0, near: str | None = None) -> Any:
        """Clicks the button, or the entry of an overflow menu, that says `label`."""
        pressed = [c for c in self._controls() if c.element["type"] in PRESSED or c.option is not None]
        control = self._find(label, pressed, nth=nth, near=near)
        value = control.option["value"] if control.option else None
        await self._act(control, value)

    async def choose(self, label: str, option: Any, *, nth: int = 0, near: str | None = None) -> None:
        """Picks in an element that tells the app at once; found by placeholder, label or the text beside it."""
        control = self._find(label, self._inputs(), nth=nth, near=near)
        if control.element["type"] in ("external_select", "multi_external_select"):
            await self._ask_for_options(control, option)
        value = plain_value(self._team, self._me, control, option)
        if control.block["type"] == "input" and not control.block.get("dispatch_action"):
            place = self._place()
            assert isinstance(place, View)
            type_one(self._team, place, control.block, control.element, value)
        else:
            await self._act(control, value)

    async def _ask_for_options(self, control: Control, option: Any) -> None:
        for words in option if isinstance(option, list | tuple) else [option]:
            query = str(words)
            await interactions.suggest(self._team, self._me, self._place(), control.block, control.element, query)

    async def _act(self, control: Control, value: Any) -> None:
        await interactions.act(self._team, self._me, self._place(), control.block, control.element, value)
        await self._team.events.delivered()

    # --- finding

    def _inputs(self) -> list[Control]:
        return [control for control in self._controls() if control.element["type"] in VALUE_NAMES]

    def _controls(self) -> list[Control]:
        found: list[Control] = []
        above = ""
        blocks = self.blocks
        rows = {id(block): "\n".join(block_lines(self._team, block)) for block in _all(blocks)}
        for block, element in interactive(blocks):
            above = _text_above(blocks, block, rows)
            found += self._named(block, element, above)
        return found

    def _named(self, block: Json, element: Json, row: str) -> Iterable[Control]:
        if element["type"] == "overflow":
            for option in element["options"]:
                yield Control(block, element, (text_object(self._team, option["text"]),), row, option)
            return
        if element["type"] in PRESSED:
            names = [text_object(self._team, element["text"])]
        else:
            names = [text_object(self._team, block.get("label")), text_object(self._team, element.get("placeholder")),
                     text_object(self._team, block.get("text"))]  # fmt: skip
        yield Control(block, element, tuple(name for name in names if name), row)

    def _find(self, label: str, among: list[Control], *, nth: int = 0, near: str | None = None) -> Control:
        found = [control for control in among if label in control.names]
        if near is not None:
            found = [control for control in found if near in control.row]
        if not found or nth >= len(found):
            seen = [control.names[0] if control.names else control.element["type"] for control in among]
            beside = f" near {near!r}" if near else ""
            raise LookupError(
                f"no {label!r}{beside} (number {nth}) here; there are {seen}; the text is:\n{self._text()}"
            )
        return found[nth]

    def _text(self) -> str:
        return visible(self._team, self.blocks)


def _all(blocks: Iterable[Json]) -> Iterable[Json]:
    for block in blocks:
        yield block
        yield from _all(block.get("child_blocks", []))


def _text_above(blocks: list[Json], block: Json, rows: dict[int, str]) -> str:
    """A row of buttons belongs to the block above it; everything else to itself."""
    own = rows[id(block)]
    if block["type"] != "actions":
        return own
    flat = list(_all(blocks))
    index = next(number for number, each in enumerate(flat) if each is block)
    before = [rows[id(each)] for each in reversed(flat[:index]) if each["type"] not in ("actions", "divider")]
    return f"{own}\n{before[0]}" if before else own


class Modal(Surface):
    """One open modal; only the top of the stack can be used."""

    def __init__(self, team: Workspace, me: str, view_id: str) -> None:
        super().__init__(team, me)
        self.view_id = view_id

    def _place(self) -> View:
        return acts.modal_of(self._team, self._me, self.view_id)

    @property
    def title(self) -> str:
        return text_object(self._team, self._place().title)

    @property
    def is_open(self) -> bool:
        return self.view_id in self._team.views

    @property
    def submit_label(self) -> str:
        return text_object(self._team, self._place().submit)

    def text(self) -> str:
        """All that is to read, and the values that are filled in."""
        view = self._place()
        values = [shown_value(self._team, c, current(c.block, c.element, view.typed)) for c in self._inputs()]
        lines = [str(each) for value in values if value for each in (value if isinstance(value, list) else [value])]
        return "\n".join([self._text(), *lines])

    def labels(self) -> list[str]:
        """Of the input blocks, in order."""
        return [text_object(self._team, block["label"]) for block in self.blocks if block["type"] == "input"]

    def value(self, label: str) -> Any:
        control = self._find(label, self._inputs())
        return shown_value(self._team, control, current(control.block, control.element, self._place().typed))

    def fill(self, label: str, value: Any) -> None:
        """Types or picks in an input. None empties it; people, channels and options by their visible names,
        a file as ("deals.csv", b"...") and several as a list of those."""
        inputs = [control for control in self._inputs() if control.block["type"] == "input"]
        control = self._find(label, inputs)
        if control.block.get("dispatch_action") or control.element["type"].endswith("external_select"):
            raise TypeError(f"{label!r} asks the app: use `await modal.choose(...)`")
        value = plain_value(self._team, self._me, control, value)
        type_one(self._team, self._place(), control.block, control.element, value)

    async def press(self, label: str, *, nth: int = 0, near: str | None = None) -> Any:
        """As elsewhere; the modal's own submit button answers what submit() does."""
        if label == self.submit_label and label not in self.buttons:
            return await self.submit()
        return await super().press(label, nth=nth, near=near)

    async def submit(self) -> dict[str, str]:
        """Presses the submit button: {} when it was taken, else the error under each label."""
        view = self._place()
        labels = {b["block_id"]: text_object(self._team, b["label"]) for b in view.blocks if b["type"] == "input"}
        try:
            await interactions.submit(self._team, self._me, view)
        except FormErrors as refused:
            return {labels[block_id]: words for block_id, words in refused.errors.items()}
        await self._team.events.delivered()
        return {}

    async def close(self, *, everything: bool = False) -> None:
        await interactions.close(self._team, self._me, self._place(), everything=everything)


class Home(Surface):
    """The app's Home tab as it was published for this person."""

    def _place(self) -> View:
        home = self._team.home(self._me)
        if home is None:
            raise LookupError("the app has published no Home for this person")
        return home

    @property
    def text(self) -> str:
        return self._text()


__all__ = ["Control", "Home", "Modal", "Surface", "element_lines"]
