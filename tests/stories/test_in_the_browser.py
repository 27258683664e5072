"""The main job in a real browser, by mouse and keyboard, by what is written on the screen."""

from playwright.async_api import Locator, Page, expect

from sandbox.person import Person
from tests.office import ROWS, Office, on_sqlite


class Screen:
    """The local workspace's page, as one person at a time sees it."""

    def __init__(self, office: Office, page: Page) -> None:
        self.office = office
        self.page = page

    @property
    def dialog(self) -> Locator:
        """The modal on top."""
        return self.page.get_by_role("dialog").last

    async def is_seen_by(self, person: Person) -> None:
        """Sit down as this person."""
        await self.page.goto(f"{self.office.server.url}/?as={person.id}")
        await expect(self.page.get_by_role("button", name=f"You are {person.name}")).to_be_visible()

    async def goes_to(self, place: str) -> None:
        """A channel, Home or Messages, from the sidebar."""
        await self.page.get_by_role("link", name=place).first.click()

    async def types(self, text: str, channel: str) -> None:
        """Into the message box, then Enter."""
        await self.goes_to(channel)
        box = self.page.get_by_label(f"Message #{channel}")
        await box.fill(text)
        await box.press("Enter")

    async def picks(self, label: str, option: str) -> None:
        """An entry of a list, by keyboard."""
        box = self.dialog.get_by_role("combobox", name=label)
        await box.click()
        await box.fill(option)
        await self.page.get_by_role("option", name=option).first.click()

    async def presses(self, button: str) -> None:
        """A button: of the modal on top when there is one."""
        here = self.dialog if await self.page.get_by_role("dialog").count() else self.page
        await here.get_by_role("button", name=button, exact=True).last.click()

    async def sees_no_dialog(self) -> None:
        """All modals are closed."""
        await expect(self.page.get_by_role("dialog")).to_have_count(0)

    async def is_titled(self, title: str) -> None:
        """The modal on top has this title."""
        await expect(self.dialog.get_by_role("heading", name=title, exact=True).first).to_be_visible()


@on_sqlite
async def test_a_handoff_by_mouse_and_keyboard(office: Office, page: Page) -> None:
    screen = Screen(office, page)
    await screen.is_seen_by(office.ana)
    await _starts(screen)
    await _fills_what_is_missing(screen)
    await screen.is_seen_by(office.ben)
    await _returns(screen)
    await screen.is_seen_by(office.ana)
    await screen.goes_to("Messages")
    await expect(page.get_by_text("Which kind of light?")).to_be_visible()
    await screen.presses("Submit for review")
    await expect(page.get_by_text("is settled")).to_be_visible()
    await screen.is_seen_by(office.ben)
    await _accepts(screen)


async def _starts(screen: Screen) -> None:
    await screen.types("/handoff start Nordlicht & Söhne", "general")
    await screen.is_titled("Start a handoff")
    await expect(screen.dialog.get_by_label("Company Name")).to_have_value("Nordlicht & Söhne")
    await screen.presses("Start")
    await expect(screen.dialog).to_contain_text("required")
    await screen.picks("Segment", "SMB")
    await screen.dialog.get_by_label("Website").fill("https://nordlicht.example")
    await screen.dialog.get_by_label("Contract Value").fill("9600")
    await screen.picks("Customer success manager", "Ben Okafor")
    await screen.presses("Start")
    await screen.sees_no_dialog()
    await screen.goes_to("handoff-nordlicht-sohne")
    await expect(screen.page.get_by_text("USD 9,600").first).to_be_visible()


async def _fills_what_is_missing(screen: Screen) -> None:
    await screen.presses("Submit for review")
    await screen.is_titled("Not ready yet")
    await screen.presses("Open Company Overview")
    await screen.is_titled("Company Overview")
    await screen.dialog.get_by_label("Industry").fill("*Lights* <!channel>")
    await screen.dialog.get_by_label("Start Date").fill("2026-12-01")
    await screen.presses("Save")
    await screen.is_titled("Not ready yet")
    for section, (button, row) in ROWS.items():
        await screen.presses(f"Open {section}")
        await screen.presses(button)
        for label, value in row.items():
            if label == "Role":
                await screen.picks(label, value)
            else:
                await screen.dialog.get_by_label(label).first.fill(value)
        await screen.presses("Save")
        await screen.is_titled(section)
        await expect(screen.dialog).to_contain_text(next(iter(row.values())))
        await screen.presses("Close")
        await screen.is_titled("Not ready yet")
    await screen.presses("Open Promises & Commitments")
    await screen.is_titled("Promises & Commitments")
    await screen.dialog.get_by_role("checkbox").check()
    await screen.presses("Save")
    await screen.is_titled("Ready")
    await screen.presses("Submit for review")
    await expect(screen.dialog).to_contain_text("The CSM is told")
    await screen.page.keyboard.press("Escape")
    await screen.sees_no_dialog()


async def _returns(screen: Screen) -> None:
    await screen.goes_to("Messages")
    await expect(screen.page.get_by_text("submitted the handoff of")).to_be_visible()
    await screen.presses("View document")
    await screen.is_titled("Handoff document")
    await expect(screen.dialog).to_contain_text("*Lights* <!channel>")
    await screen.presses("Close")
    await screen.sees_no_dialog()
    await screen.presses("Return")
    await screen.is_titled("Return handoff")
    await screen.picks("Reason", "Something is unclear")
    await screen.dialog.get_by_label("In your words").fill("Which kind of light?")
    await screen.presses("Return")
    await expect(screen.page.get_by_text("returned by")).to_be_visible()


async def _accepts(screen: Screen) -> None:
    await screen.goes_to("handoff-nordlicht-sohne")
    await screen.presses("Accept")
    await screen.is_titled("Accept handoff")
    await screen.presses("Accept")
    await expect(screen.page.get_by_text("Accepted by CS").first).to_be_visible()
    await screen.page.get_by_role("tab", name="Canvas").click()
    await expect(screen.page.get_by_role("heading", name="Customer Handoff Document")).to_be_visible()
    await screen.goes_to("Home")
    await expect(screen.page.get_by_text("Nordlicht & Söhne").first).to_be_visible()


@on_sqlite
async def test_another_person_sees_neither_the_channel_nor_the_whispers(office: Office, page: Page) -> None:
    await office.starts(office.ana)
    await office.ana.types("/handoff status Acme", into="general")
    screen = Screen(office, page)
    await screen.is_seen_by(office.ana)
    await screen.goes_to("general")
    await expect(page.get_by_text("Only visible to you").first).to_be_visible()
    await screen.is_seen_by(office.mia)
    await screen.goes_to("general")
    await expect(page.get_by_role("link", name="handoff-acme-gmbh")).to_have_count(0)
    await expect(page.get_by_text("Only visible to you")).to_have_count(0)


@on_sqlite
async def test_a_message_is_added_from_its_menu_and_a_reaction_files_a_draft(office: Office, page: Page) -> None:
    await office.settles_on(capture_reaction="handshake")
    channel = await office.starts(office.ana)
    screen = Screen(office, page)
    await screen.is_seen_by(office.ana)
    for words in ("The connector is live by January.", "Two training days are included."):
        await screen.types(words, channel)
    said = page.get_by_role("listitem").filter(has_text="The connector is live").last
    await said.hover()
    await said.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Add to handoff").click()
    await screen.is_titled("Add to handoff")
    await screen.presses("Next")
    await screen.is_titled("Add commitment")
    await expect(screen.dialog.get_by_label("Commitment")).to_have_value("The connector is live by January.")
    await screen.presses("Add")
    await screen.sees_no_dialog()
    said = page.get_by_role("listitem").filter(has_text="Two training days").last
    await said.hover()
    await said.get_by_role("button", name="Add reaction").click()
    await page.get_by_role("menuitem", name="handshake").click()
    await office.settles()
    await expect(page.get_by_text("1 captured message")).to_be_visible()
    await screen.presses("2 replies")
    await expect(page.get_by_text("as a draft commitment")).to_be_visible()
    await screen.presses("Undo")
    await expect(page.get_by_text("took a captured commitment out again")).to_be_visible()
