"""What may be typed into each kind of field."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook import Kind, PlaybookField
from bot.refusals import Refusal
from bot.values import read
from tests.examples import wild


def field(kind: Kind, **more: Any) -> PlaybookField:
    """A field of that kind, whatever else its kind would need."""
    return PlaybookField.model_construct(id="answer", label="Answer", kind=kind, **more)


@pytest.mark.parametrize(
    ("kind", "typed", "clean"),
    [
        (Kind.TEXT, "  Freight \n", "Freight"),
        (Kind.TEXT, "   ", ""),
        (Kind.TEXT, "x" * 3000, "x" * 3000),
        (Kind.TEXT, "one\nline", "one line"),
        (Kind.TEXT, "<!channel> *_~ ../../x", "<!channel> *_~ ../../x"),
        (Kind.TEXT, "nothing\x00 of \x1b\ud800 this", "nothing of  this"),
        (Kind.LONG_TEXT, "two\r\nlines\rthree", "two\nlines\nthree"),
        (Kind.LONG_TEXT, "שלום 👩‍💻", "שלום 👩‍💻"),
        (Kind.LINES, " SAP \n\n  Okta\n", "SAP\nOkta"),
        (Kind.NUMBER, "84000", "84000"),
        (Kind.NUMBER, "84,000", "84000"),
        (Kind.NUMBER, "84 000", "84000"),
        (Kind.NUMBER, "1,234,567.00", "1234567"),
        (Kind.NUMBER, "007", "7"),
        (Kind.NUMBER, "0", "0"),
        (Kind.NUMBER, "9" * 15, "9" * 15),
        (Kind.EMAIL, "Ana@Customer.com", "Ana@customer.com"),
        (Kind.EMAIL, "ana@intranet.local", "ana@intranet.local"),
        (Kind.EMAIL, "jörg@müller.de", "jörg@müller.de"),
        (Kind.URL, "customer.com", "https://customer.com"),
        (Kind.URL, "http://customer.com/a?b=http://c.d", "http://customer.com/a?b=http://c.d"),
        (Kind.URL, "customer.com/?to=http://c.d", "https://customer.com/?to=http://c.d"),
        (Kind.URL, "https://müller.de:8443", "https://müller.de:8443"),
        (Kind.URL, "https://" + "a." * 125 + "com", "https://" + "a." * 125 + "com"),
        (Kind.DATE, "2026-12-01", "2026-12-01"),
        (Kind.SELECT, "High", "High"),
        (Kind.CONFIRM, "yes", "yes"),
        (Kind.PERSON, "U123", "U123"),
    ],
)
def test_what_is_right_is_kept_in_its_clean_form(kind: Kind, typed: str, clean: str) -> None:
    assert read(field(kind), typed) == clean


WHOLE = "Answer is a whole number."
NUMBER = "Answer is a number, such as 84000."
EMAIL = "Answer is an email address, such as ana@customer.com."
ADDRESS = "Answer is a web address, such as https://customer.com."


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        (Kind.NUMBER, "many", NUMBER),
        (Kind.NUMBER, "84.000,50", NUMBER),
        (Kind.NUMBER, "84,5", NUMBER),
        (Kind.NUMBER, "1e9", NUMBER),
        (Kind.NUMBER, "NaN", NUMBER),
        (Kind.NUMBER, "-", NUMBER),
        (Kind.NUMBER, "-5", "Answer is a number from 0 up."),
        (Kind.NUMBER, "1" + "0" * 15, "Answer is a number below a quadrillion."),
        (Kind.NUMBER, "2.5", WHOLE),
        (Kind.EMAIL, "ana", EMAIL),
        (Kind.EMAIL, "ana@customer", EMAIL),
        (Kind.EMAIL, "a@b..c", EMAIL),
        (Kind.EMAIL, "Ana <ana@customer.com>", EMAIL),
        (Kind.EMAIL, "<!channel>@x.y", EMAIL),
        (Kind.URL, "customer", ADDRESS),
        (Kind.URL, "ftp://customer.com", ADDRESS),
        (Kind.URL, "javascript:alert(1)", ADDRESS),
        (Kind.URL, "https://cust omer.com", ADDRESS),
        (Kind.URL, "https://[customer.com", ADDRESS),
        (Kind.URL, "../../x", ADDRESS),
        (Kind.URL, "https://" + "a." * 125 + "comm", ADDRESS),
        (Kind.DATE, "tomorrow", "Answer is a date, such as 2026-12-01."),
        (Kind.DATE, "2026-02-30", "Answer is a date, such as 2026-12-01."),
        (Kind.LONG_TEXT, wild(8999) + "x", "Answer has 9,000 characters; the most is 3,000."),
        (Kind.URL, "customer.com/" + "x" * 2987, "Answer has 3,008 characters; the most is 3,000."),
    ],
)
def test_what_is_wrong_is_refused_in_words_that_blame_the_field(kind: Kind, typed: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(field(kind), typed)
    assert refused.value.fields == {"answer": words}
    assert refused.value.words == words


def test_a_number_with_decimals_keeps_them() -> None:
    money = field(Kind.NUMBER, decimals=True)
    assert read(money, "84,000.50") == "84000.5"


@given(st.sampled_from(Kind), st.text() | st.from_regex(r"[0-9 ,.]+|[a-z]+@[a-z.]+|[a-z]+://[a-z./]+", fullmatch=True))
def test_a_clean_answer_stays_as_it_is(kind: Kind, typed: str) -> None:
    try:
        clean = read(field(kind, decimals=True), typed)
    except Refusal:
        return
    assert read(field(kind, decimals=True), clean) == clean
