"""Beginning and ending: the start form, the signature, owners, and taking a cancelled handoff up again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot import deals
from bot.handoffs import Stage
from bot.refusals import Refusal
from bot.teams import Person
from tests.examples import AE, CSM, NOW, PLAYBOOK, TODAY, after, at, empty

TOMORROW = TODAY + timedelta(days=1)


def test_a_start_form_is_read_clean() -> None:
    typed = {"company_name": " Acme ", "website": "acme.com", "contract_value": "84,000", "signed_on": "2026-11-20"}
    assert deals.read_deal(PLAYBOOK, typed, TODAY) == {
        "company_name": "Acme",
        "website": "https://acme.com",
        "contract_value": "84000",
        "signed_on": "2026-11-20",
    }


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, {"company_name": "Company Name is needed: who is the customer?"}),
        ({"company_name": "\n"}, {"company_name": "Company Name is needed: who is the customer?"}),
        ({"company_name": "\u200b\x00"}, {"company_name": "Company Name is needed: who is the customer?"}),
        (
            {"company_name": "x" * 151, "website": "x", "contract_value": "much"},
            {
                "company_name": "Company Name has 151 characters; the most is 150.",
                "website": "Website is a web address, such as https://customer.com.",
                "contract_value": "Contract Value is a number, such as 84000.",
            },
        ),
        (
            {"company_name": "Acme", "signed_on": TOMORROW.isoformat()},
            {"signed_on": "A signature can't lie in the future. Use Expected close date for that."},
        ),
    ],
)
def test_a_start_form_says_everything_that_is_wrong(typed: dict[str, str], wrong: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        deals.read_deal(PLAYBOOK, typed, TODAY)
    assert refused.value.fields == wrong


@pytest.mark.parametrize(
    ("signed_on", "zone", "moment"),
    [
        (TODAY, "UTC", NOW),
        (TODAY - timedelta(days=1), "UTC", datetime(2026, 11, 22, 12, tzinfo=UTC)),
        (date(2026, 1, 2), "UTC", datetime(2026, 1, 2, 12, tzinfo=UTC)),
        (date(2026, 1, 2), "Pacific/Kiritimati", datetime(2026, 1, 1, 22, tzinfo=UTC)),
        (date(2026, 1, 2), "Pacific/Honolulu", datetime(2026, 1, 2, 22, tzinfo=UTC)),
        (TOMORROW, "UTC", NOW),  # where the signer is, it is tomorrow already
    ],
)
def test_the_clocks_start_with_the_signature(signed_on: date, zone: str, moment: datetime) -> None:
    today = max(signed_on, TODAY)
    assert deals.sign(empty(), signed_on, by=AE, now=NOW, today=today, zone=zone).signed_at == moment


def test_no_clock_starts_ahead_where_noon_of_the_signers_yesterday_is_still_to_come() -> None:
    signed = deals.sign(empty(), TODAY, by=AE, now=NOW, today=TOMORROW, zone="Pacific/Honolulu")
    assert signed.signed_at == NOW


def test_a_signature_of_this_afternoon_is_not_dated_back_to_noon() -> None:
    afternoon = NOW.replace(hour=15)
    assert deals.sign(empty(), TODAY, by=AE, now=afternoon, today=TODAY, zone="UTC").signed_at == afternoon


def test_a_signature_is_noted_once_and_never_ahead() -> None:
    signed = after(empty(), deals.sign(empty(), TODAY, by=AE, now=NOW, today=TODAY, zone="UTC"))
    with pytest.raises(Refusal, match="signed already, on 23 November 2026"):
        deals.sign(signed, TODAY, by=AE, now=NOW, today=TODAY, zone="UTC")
    with pytest.raises(Refusal, match="can't lie in the future"):
        deals.sign(empty(), TOMORROW, by=AE, now=NOW, today=TODAY, zone="UTC")


def test_owners_change_only_when_they_are_others() -> None:
    assert deals.change_owners(empty(), AE, CSM, None, by=AE, now=NOW) is None
    changed = deals.change_owners(empty(), AE, "U0NEW", "U0SE2", by=AE, now=NOW)
    assert after(empty(), changed).people == (AE, "U0NEW", "U0SE2")


def test_a_handoff_has_an_ae_and_a_review_its_csm() -> None:
    with pytest.raises(Refusal) as refused:
        deals.change_owners(empty(), None, CSM, None, by=AE, now=NOW)
    assert refused.value.fields == {"ae": "A handoff needs an account executive."}
    with pytest.raises(Refusal) as refused:
        deals.change_owners(at(Stage.IN_REVIEW), AE, None, None, by=AE, now=NOW)
    assert refused.value.fields == {"csm": "The document is in review: name the CSM who reviews it."}


def test_owners_are_colleagues_who_can_act() -> None:
    people = {"ae": Person(id="U1", name="Ana", deleted=True), "csm": Person(id="U2", name="Baton", is_bot=True)}
    people["attendees"] = Person(id="U4", name="Gus", is_guest=True)
    with pytest.raises(Refusal) as refused:
        deals.refuse_unfit({**people, "se": None}.items())
    assert refused.value.fields == {
        "ae": "Ana has a deactivated account. Choose a colleague who can act.",
        "csm": "Baton is a bot. Choose a colleague who can act.",
        "attendees": "Gus is a guest here. Choose a colleague who can act.",
    }
    deals.refuse_unfit([("ae", Person(id="U3", name="Tom")), ("csm", None)])


def test_a_cancellation_has_a_reason_and_keeps_its_words() -> None:
    with pytest.raises(Refusal) as refused:
        deals.cancel(empty(), PLAYBOOK, "", "no reason", by=AE, now=NOW)
    assert refused.value.fields == {"reason": "Choose a reason."}
    ended = after(empty(), deals.cancel(empty(), PLAYBOOK, "deal_lost", " too dear ", by=AE, now=NOW))
    assert (ended.cancel_reason, ended.cancel_words) == ("deal_lost", "too dear")


def test_a_customer_has_one_live_handoff() -> None:
    cancelled = at(Stage.CANCELLED)
    with pytest.raises(Refusal, match="Cancel that one first"):
        deals.reopen(cancelled, empty(), by=AE, now=NOW)
    again = after(cancelled, deals.reopen(cancelled, None, by=AE, now=NOW))
    assert (again.stage, again.cancel_reason, again.cancel_words) == (Stage.PREPARING, "", "")


def test_the_facts_of_a_deal_change_only_when_they_are_others() -> None:
    same = {"segment": "smb", "timing_model": "at_close", "expected_close": ""}
    assert deals.change_deal(empty(), PLAYBOOK, same, by=AE, now=NOW) is None
    others = {"segment": "enterprise", "timing_model": "phased", "expected_close": TOMORROW.isoformat()}
    changed = after(empty(), deals.change_deal(empty(), PLAYBOOK, others, by=AE, now=NOW))
    assert (changed.segment, changed.timing_model, changed.expected_close) == ("enterprise", "phased", TOMORROW)


def test_a_deal_keeps_the_choices_that_every_handoff_needs() -> None:
    with pytest.raises(Refusal) as refused:
        deals.change_deal(empty(), PLAYBOOK, {"segment": "galactic"}, by=AE, now=NOW)
    assert refused.value.fields == {
        "segment": "Segment is needed: it decides which answers the document asks for.",
        "timing_model": "Timing model is needed.",
    }


@pytest.mark.parametrize("corrected", [{"segment": "enterprise"}, {"expected_close": TOMORROW.isoformat()}])
def test_after_acceptance_only_the_timing_model_still_changes(corrected: dict[str, str]) -> None:
    accepted, same = at(Stage.ACCEPTED), {"segment": "smb", "timing_model": "at_close", "expected_close": ""}
    with pytest.raises(Refusal, match="only the timing model can still change"):
        deals.change_deal(accepted, PLAYBOOK, same | corrected, by=AE, now=NOW)
    phased = deals.change_deal(accepted, PLAYBOOK, same | {"timing_model": "phased"}, by=AE, now=NOW)
    assert after(accepted, phased).timing_model == "phased"
