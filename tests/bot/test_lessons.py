"""What a month says of the practice: the few lessons that count most, each with the place to change."""

from collections import Counter

import pytest

from bot.lessons import MOST, Heard, lessons_of
from bot.records import PromiseStatus
from tests.examples import PLAYBOOK

PROMISED = "sections.promises_and_commitments.promised"


def test_a_month_of_nothing_teaches_nothing() -> None:
    assert lessons_of(Heard(), PLAYBOOK) == []


@pytest.mark.parametrize(
    ("kind", "place"), [("Verbal", f"{PROMISED}.due"), ("Contract", f"{PROMISED}.due"), ("", f"{PROMISED}.kind")]
)
def test_a_promise_that_broke_lacked_what_the_document_did_not_ask_for(kind: str, place: str) -> None:
    heard = Heard(unkept={kind: Counter({PromiseStatus.BROKEN: 2})})
    (lesson,) = lessons_of(heard, PLAYBOOK)
    assert (lesson.count, lesson.place) == (2, place)


def test_fields_and_sections_that_the_playbook_has_no_more_teach_nothing_of_a_place() -> None:
    heard = Heard(returns=Counter(gone=1), gaps={"gone": Counter({"no.more": 1})}, missing=Counter(no=3))
    (lesson,) = lessons_of(heard, PLAYBOOK)
    assert (lesson.what, lesson.place) == ("1 document returned: gone", "return_reasons")


def test_those_that_count_most_come_first_and_there_are_few() -> None:
    every = Counter({section.id: number for number, section in enumerate(PLAYBOOK.sections, 1)})
    found = lessons_of(Heard(missing=every, repeated=every), PLAYBOOK)
    assert [lesson.count for lesson in found] == sorted((lesson.count for lesson in found), reverse=True)
    assert len(found) == MOST


def test_a_field_that_one_reason_names_is_told_with_it_and_not_twice() -> None:
    gaps = {"missing": Counter({"stakeholders.stakeholders": 3}), "unclear": Counter({"stakeholders.stakeholders": 1})}
    found = lessons_of(Heard(returns=Counter(missing=3, unclear=1), gaps=gaps), PLAYBOOK)
    assert [lesson.count for lesson in found] == [3, 1]
    assert {lesson.place for lesson in found} == {"sections.stakeholders.stakeholders"}
