"""When two customers are one, and what a customer's channel is called."""

# ruff: noqa: RUF001  (names in many scripts)

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.customers import channel_name, customer_key, web_domain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Payload, Inc.", "payload"),
        ("Payload L.L.C.", "PAYLOAD LLC"),
        ("Müller GmbH", "Muller"),
        ("Straße & Co. KG", "STRASSE"),
        ("McDonald’s", "McDonald's Corporation"),
        ("Acme & Sons", "Acme and Sons Ltd"),
        ("  Acme   Corp ", "acme"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("ПЕТРОВ", "Петров"),
        ("../../x", "X"),
    ],
)
def test_names_that_mean_the_same_customer(one: str, other: str) -> None:
    assert customer_key(one) == customer_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme", "Acme Robotics"),
        ("Co", "Inc"),
        ("ガス", "カス"),  # gas and dregs
        ("राम", "रमा"),  # Ram and Rama
        ("🚀", "🎉"),
        ("שלום", "עולם"),
    ],
)
def test_names_that_mean_two_customers(one: str, other: str) -> None:
    assert customer_key(one) != customer_key(other)


@given(st.text(min_size=1))
def test_a_key_is_its_own_key(name: str) -> None:
    assert customer_key(customer_key(name)) == customer_key(name)


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("https://www.Acme.com/about?x=1", "acme.com"),
        ("acme.com", "acme.com"),
        ("http://acme.com:8080", "acme.com"),
        ("https://acme.com.", "acme.com"),
        ("acme.com/?to=https://other.com", "acme.com"),
        ("https://shop.acme.com", "shop.acme.com"),
        ("https://github.com/acme", ""),
        ("https://de.linkedin.com/company/acme", ""),
        ("https://mylinkedin.com", "mylinkedin.com"),
        ("ana@acme.com", "acme.com"),
        ("ana@gmail.com", ""),
        ("www.gmail.com", ""),
        ("https://müller.example", "müller.example"),
        ("https://acme.xn--p1ai", "acme.xn--p1ai"),
        ("https://[not-an-address", ""),
        *((word, "") for word in ("", "-", "--", "?", "0", "x", "N/A", "n.a.", "none", "tbd", "no website", "http://")),
        *((word, "") for word in ("localhost", "10.0.0.1", "1.0", "http://[::1]", "acme..com", "-.com", "...")),
    ],
)
def test_the_domain_of_a_web_address(website: str, domain: str) -> None:
    assert web_domain(website) == domain


@pytest.mark.parametrize(
    ("prefix", "customer", "attempt", "name"),
    [
        ("handoff-", "Acme GmbH", 1, "handoff-acme-gmbh"),
        ("handoff-", "Acme GmbH", 2, "handoff-acme-gmbh-2"),
        ("handoff-", "../../x", 1, "handoff-x"),
        ("handoff-", "<!channel>", 1, "handoff-channel"),
        ("handoff-", "🚀🚀", 1, "handoff-customer"),
        ("handoff-", "שלום", 1, "handoff-shlvm"),
        ("handoff-", "日本", 3, "handoff-ri-ben-3"),
        ("cs_", "O’Neill & Söhne", 1, "cs_oneill-sohne"),
        ("", "Acme", 1, "acme"),
        ("handoff-", "x" * 200, 1, "handoff-" + "x" * 72),
        ("handoff-", "x" * 200, 12, "handoff-" + "x" * 69 + "-12"),
    ],
)
def test_the_channel_of_a_customer(prefix: str, customer: str, attempt: int, name: str) -> None:
    assert channel_name(prefix, customer, attempt) == name


@given(st.from_regex(r"[a-z0-9_-]{0,20}", fullmatch=True), st.text(max_size=300), st.integers(1, 20))
def test_slack_accepts_the_name_of_every_channel(prefix: str, customer: str, attempt: int) -> None:
    assert re.fullmatch(r"[a-z0-9_-]{1,80}", channel_name(prefix, customer, attempt))
