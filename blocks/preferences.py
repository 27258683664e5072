"""What a person settles: how reminders come and when that person works; and being away."""

from datetime import date, time

from blocks import kit
from blocks.ids import Id
from blocks.kit import Block, Element, View
from bot.preferences import Nudging, Preferences
from bot.teams import NO_HOLIDAYS, Team, WorkingTime

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BACK = "Welcome back. Your reminders come to you again."
_NUDGING = {
    Nudging.EACH: ("Each when it is due", ""),
    Nudging.DAILY: ("One summary each working morning", "Only on mornings when something is due"),
    Nudging.OFF: ("Off", "Your leader still hears of what is late"),
}


def settings_view(settled: Preferences, team: Team, zone: str, today: date) -> View:
    """What holds for the person now; `zone` is what Slack says of the time zone, `today` the date there."""
    nudging = [kit.option(text, one, more) for one, (text, more) in _NUDGING.items()]
    any_hour = kit.option("Also outside my working hours", "yes")
    working = settled.working_time(team)
    where = f"Slack says that your time zone is {kit.escape(zone.replace('_', ' '))}. You can change it there."
    blocks = [
        *([kit.section(f":palm_tree: {away_words(settled)}")] if settled.is_away(today) else []),
        kit.field_input("nudging", "How reminders come", kit.radio(nudging, settled.nudging), optional=False),
        kit.field_input("any_hour", "When they come", kit.checkboxes([any_hour], ["yes"] if settled.any_hour else [])),
        kit.field_input("quiet_from", "Quiet hours from", _time(settled.quiet_from)),
        kit.field_input(
            "quiet_to",
            "Quiet hours to",
            _time(settled.quiet_to),
            hint="No reminders between the two, whatever else is settled. They may pass midnight.",
        ),
        kit.divider(),
        kit.header("When you work"),
        kit.context(where),
        *working_inputs(working, _typed_country(working, team), _country_hint(team)),
    ]
    return kit.modal("Your reminders", blocks, callback_id=Id.PREFERENCES_SAVE, submit="Save", close="Cancel")


def working_inputs(working: WorkingTime, country: str, hint: str, *, optional: bool = True) -> list[Block]:
    """Working days, hours and public holidays; `optional`: hours left empty have a meaning."""
    days = [kit.option(name, str(day)) for day, name in enumerate(DAYS)]
    ticked = [str(day) for day in working.workdays]
    return [
        kit.field_input("workdays", "Working days", kit.checkboxes(days, ticked), optional=False),
        kit.field_input("day_starts", "Working hours from", _time(working.day_starts), optional=optional),
        kit.field_input("day_ends", "Working hours to", _time(working.day_ends), optional=optional),
        kit.field_input("country", "Public holidays of", kit.text_input(country, max_length=20), hint=hint),
    ]


def away_view(settled: Preferences, today: date, back: date | None) -> View:
    """When the person is back and who covers; `back` is a day that is known already."""
    is_away = settled.is_away(today)
    day = back or (settled.away_until if is_away else None)
    now = [
        kit.section(f":palm_tree: {away_words(settled)}", kit.button("I am back", Id.AWAY_END)),
        kit.divider(),
    ]
    hint = "Gets your reminders meanwhile. Without a cover, your leader gets what is urgent."
    blocks = [
        *(now if is_away else []),
        kit.field_input("away_until", "First day back", kit.date_input(day.isoformat() if day else ""), optional=False),
        kit.field_input("cover", "Who covers", kit.person_select(settled.cover if is_away else None), hint=hint),
    ]
    return kit.modal("Away", blocks, callback_id=Id.AWAY_SAVE, submit="Save", close="Cancel")


def settled_view(words: str) -> View:
    """What now happens."""
    return kit.modal("Away", [kit.section(words)])


def away_words(settled: Preferences) -> str:
    """What happens while the person is away."""
    until = f"Until {kit.day(settled.away_until)}" if settled.away_until else "Meanwhile"
    if settled.cover:
        return f"{until} {kit.person(settled.cover)} gets your reminders."
    return f"{until} nobody covers for you: your leader gets what is urgent."


def _time(chosen: time | None) -> Element:
    return kit.time_input(f"{chosen:%H:%M}" if chosen else "")


def _typed_country(working: WorkingTime, team: Team) -> str:
    return working.country or (NO_HOLIDAYS if team.country else "")


def _country_hint(team: Team) -> str:
    whose = f"as the workspace, {team.country}. Type {NO_HOLIDAYS} to keep none" if team.country else "none"
    return f"A country such as DE, or with a region, DE-BY. Empty: {whose}."
