"""What a person may settle: read from the forms, refused in words under the field to blame."""

from datetime import date, time
from typing import Any

import pytest

from bot.preferences import Nudging, Preferences, come_back, leave, read_preferences
from bot.refusals import Refusal
from bot.teams import Team

TODAY = date(2026, 11, 23)
TEAM = Team(country="DE")
FORM = {
    "nudging": "each",
    "any_hour": "",
    "quiet_from": "",
    "quiet_to": "",
    "workdays": "0,1,2,3,4",
    "day_starts": "09:00",
    "day_ends": "18:00",
    "country": "DE",
}
AWAY = Preferences(away_until=date(2026, 12, 1), cover="U2")


@pytest.mark.parametrize(
    ("typed", "settled"),
    [
        ({}, {}),  # as the workspace has it
        ({"day_starts": "", "day_ends": "", "country": " "}, {}),
        ({"nudging": "daily", "any_hour": "yes"}, {"nudging": Nudging.DAILY, "any_hour": True}),
        ({"nudging": "off"}, {"nudging": Nudging.OFF}),
        ({"quiet_from": "21:00", "quiet_to": "07:30"}, {"quiet_from": time(21), "quiet_to": time(7, 30)}),
        ({"quiet_from": "12:00", "quiet_to": "13:00"}, {"quiet_from": time(12), "quiet_to": time(13)}),
        ({"workdays": "6,0"}, {"workdays": (0, 6)}),
        ({"workdays": "0,1,2,3,4,9"}, {}),
        ({"day_starts": "10:00"}, {"day_starts": time(10), "day_ends": time(18)}),  # both: they belong together
        ({"day_starts": "", "day_ends": "12:00"}, {"day_starts": time(9), "day_ends": time(12)}),
        ({"country": "at"}, {"country": "AT"}),
        ({"country": " de-by "}, {"country": "DE-BY"}),
        ({"country": "None"}, {"country": ""}),
        ({"country": "de"}, {}),
        ({"country": "DE-"}, {}),
        ({"any_hour": "yes", "quiet_from": "08:00", "quiet_to": "19:00"},
         {"any_hour": True, "quiet_from": time(8), "quiet_to": time(19)}),
    ],
)  # fmt: skip
def test_what_differs_from_the_workspace_is_kept(typed: dict[str, str], settled: dict[str, Any]) -> None:
    assert read_preferences(FORM | typed, AWAY, TEAM) == AWAY.model_copy(update=settled)


def test_what_was_settled_is_taken_back_by_going_with_the_workspace() -> None:
    mine = Preferences(workdays=(0,), day_starts=time(10), day_ends=time(12), country="", quiet_from=time(1))
    assert read_preferences(FORM, mine, TEAM) == Preferences()


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({"workdays": ""}, {"workdays": "Tick at least one day."}),
        ({"workdays": "7"}, {"workdays": "Tick at least one day."}),
        ({"day_ends": "09:00"}, {"day_ends": "Working hours must end after they begin, at 09:00."}),
        ({"day_starts": "20:00", "day_ends": ""}, {"day_ends": "Working hours must end after they begin, at 20:00."}),
        ({"nudging": ""}, {"nudging": "Choose how reminders come."}),
        ({"nudging": "hourly"}, {"nudging": "Choose how reminders come."}),
        ({"quiet_from": "21:00"},
         {"quiet_to": "Quiet hours need both ends: choose this one too, or clear “Quiet hours from”."}),
        ({"quiet_to": "21:00"},
         {"quiet_from": "Quiet hours need both ends: choose this one too, or clear “Quiet hours to”."}),
        ({"quiet_from": "00:00"},
         {"quiet_to": "Quiet hours need both ends: choose this one too, or clear “Quiet hours from”."}),
        ({"quiet_from": "12:00", "quiet_to": "12:00"},
         {"quiet_to": "Quiet hours must end at another time than they begin."}),
        ({"workdays": "", "day_ends": "08:00", "nudging": "?"},
         {"workdays": "Tick at least one day.", "day_ends": "Working hours must end after they begin, at 09:00.",
          "nudging": "Choose how reminders come."}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_at_once(typed: dict[str, str], problems: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refusal:
        read_preferences(FORM | typed, Preferences(), TEAM)
    assert refusal.value.fields == problems


@pytest.mark.parametrize("country", ["Atlantis", "<!channel>", "D", "ZZ", "-", "🇩🇪", "DE-XX", "\u202e"])
def test_a_country_that_is_none_is_refused_under_its_field(country: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_preferences(FORM | {"country": country}, Preferences(), TEAM)
    assert refusal.value.fields.keys() == {"country"}


@pytest.mark.parametrize(
    ("quiet", "leaves"),
    [
        (("08:00", "19:00"), False),
        (("09:00", "18:00"), False),
        (("09:00", "17:59"), True),
        (("09:01", "18:00"), True),
        (("18:00", "09:00"), True),
        (("09:00", "08:00"), False),
        (("08:00", "07:00"), False),
        (("20:00", "18:00"), False),
        (("20:00", "17:00"), True),
    ],
)
def test_quiet_hours_leave_some_of_the_working_hours(quiet: tuple[str, str], leaves: bool) -> None:
    typed = FORM | {"quiet_from": quiet[0], "quiet_to": quiet[1]}
    if leaves:
        assert read_preferences(typed, Preferences(), TEAM).quiet_from
        return
    with pytest.raises(Refusal) as refusal:
        read_preferences(typed, Preferences(), TEAM)
    words = "This leaves none of your working hours for reminders. Choose Off above if you want none."
    assert refusal.value.fields == {"quiet_to": words}


@pytest.mark.parametrize(("cover", "kept"), [("U2", "U2"), (None, None)])
def test_being_away(cover: str | None, kept: str | None) -> None:
    away = leave(Preferences(any_hour=True), "2026-11-24", cover, by="U1", today=TODAY)
    assert away == Preferences(any_hour=True, away_until=date(2026, 11, 24), cover=kept)
    assert away.is_away(TODAY)
    assert not away.is_away(date(2026, 11, 24))  # the first day back


AFTER_TODAY = "The first day back must lie after today."
WITHIN = "The first day back must lie within two years."


@pytest.mark.parametrize(
    ("until", "cover", "problems"),
    [
        ("2026-11-23", None, {"away_until": AFTER_TODAY}),
        ("2020-01-01", None, {"away_until": AFTER_TODAY}),
        ("9999-12-31", None, {"away_until": WITHIN}),
        ("", None, {"away_until": "Choose your first day back."}),
        ("soon", "U1", {"away_until": "Choose your first day back.",
                        "cover": "You can't cover for yourself. Choose a colleague, or nobody."}),
        ("2026-12-01", "U1", {"cover": "You can't cover for yourself. Choose a colleague, or nobody."}),
    ],
)  # fmt: skip
def test_an_absence_that_makes_no_sense_is_refused(until: str, cover: str | None, problems: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refusal:
        leave(Preferences(), until, cover, by="U1", today=TODAY)
    assert refusal.value.fields == problems


def test_coming_back() -> None:
    assert come_back(AWAY, TODAY) == Preferences()
    for settled, today in ((Preferences(), TODAY), (AWAY, date(2026, 12, 1))):
        with pytest.raises(Refusal, match="You are not away"):
            come_back(settled, today)


def test_a_person_works_as_settled_else_as_the_workspace() -> None:
    mine = Preferences(day_starts=time(7), day_ends=time(15), country="")
    assert mine.working_time(TEAM) == ((0, 1, 2, 3, 4), time(7), time(15), "")
    assert Preferences().working_time(TEAM) == TEAM.working_time
