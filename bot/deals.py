"""Beginning and ending a handoff: start, sign, change owners, cancel, reopen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.customers import is_name
from bot.dates import noon
from bot.documents import read_answers
from bot.events import ContractSigned, DealChanged, HandoffCancelled, HandoffReopened, OwnersChanged
from bot.handoffs import Handoff, Stage
from bot.playbook import Kind, Playbook, PlaybookField
from bot.refusals import Refusal, refuse_fields
from bot.teams import Person

SIGNED_ON = PlaybookField(id="signed_on", label="Contract signed on", kind=Kind.DATE, hint="If already signed")
DEAL_DATES = (PlaybookField(id="expected_close", label="Expected close date", kind=Kind.DATE), SIGNED_ON)
OWNER_LABELS = {"ae": "Account executive", "csm": "Customer success manager", "se": "Solutions engineer"}


@dataclass(frozen=True)
class Waiting:
    """A closed deal that nobody has started a handoff for. People are Slack user ids, "" for nobody."""

    id: int
    customer: str
    domain: str
    ae: str
    csm: str
    segment: str
    closed_at: datetime


def told(deal: Waiting, zone: str) -> dict[str, str]:
    """What the start form can be filled with, by field; `zone` (IANA) says on which day the deal closed."""
    signed_on = deal.closed_at.astimezone(ZoneInfo(zone)).date().isoformat()
    known = {"company_name": deal.customer, "website": deal.domain, "segment": deal.segment, "signed_on": signed_on}
    return known | {role: user for role, user in (("ae", deal.ae), ("csm", deal.csm)) if user}


def read_deal(playbook: Playbook, typed: Mapping[str, str], today: date) -> dict[str, str]:
    """The clean answers of the start form, by field id; refuses everything wrong at once."""
    overview = playbook.section("company_overview")
    known = overview.by_id if overview else {}
    fields = [known[name] for name in ("company_name", "website", "contract_value", "currency")]
    problems: dict[str, str] = {}
    answers: dict[str, str] = {}
    try:
        answers = read_answers((*fields, *DEAL_DATES), typed)
    except Refusal as refusal:
        problems |= refusal.fields
    if not is_name(typed.get("company_name", "")):
        problems["company_name"] = "Company Name is needed: who is the customer?"
    if signed_on := answers.get("signed_on"):
        problems |= _future(date.fromisoformat(signed_on), today)
    refuse_fields(problems)
    return answers


def unanswered(playbook: Playbook, typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the choices that every handoff needs, by field."""
    problems = {}
    if typed.get("segment") not in {choice.id for choice in playbook.segments}:
        problems["segment"] = "Segment is needed: it decides which answers the document asks for."
    if typed.get("timing_model") not in {choice.id for choice in playbook.timing_models}:
        problems["timing_model"] = "Timing model is needed."
    return problems


def day_of(text: str | None) -> date | None:
    """The day that a clean answer names."""
    return date.fromisoformat(text) if text else None


def sign(handoff: Handoff, signed_on: date, *, by: str, now: datetime, today: date, zone: str) -> ContractSigned:
    """The customer signed on `signed_on`; `today` is the date where `by` is, `zone` the workspace's (IANA)."""
    if handoff.signed_at:
        raise Refusal(f"The contract is signed already, on {handoff.signed_at:%d %B %Y}.")
    if handoff.stage is Stage.CANCELLED:
        raise Refusal("This handoff is cancelled. Reopen it before you note the signature.")
    refuse_fields(_future(signed_on, today))
    return ContractSigned(by=by, at=now, signed_at=signing_moment(signed_on, now, today, zone))


def signing_moment(signed_on: date, now: datetime, today: date, zone: str) -> datetime:
    """The moment the clocks start: now for a signature of today, noon in the workspace's zone for an earlier day."""
    return now if signed_on >= today else min(now, noon(signed_on, zone))


def change_deal(
    handoff: Handoff, playbook: Playbook, typed: Mapping[str, str], *, by: str, now: datetime
) -> DealChanged | None:
    """Correct segment, timing model and expected close; None when they are the same."""
    if handoff.stage is Stage.CANCELLED:
        raise Refusal("This handoff is cancelled. Reopen it before you correct the deal.")
    refuse_fields(unanswered(playbook, typed))
    segment, timing_model = typed["segment"], typed["timing_model"]
    expected_close = day_of(read_answers(DEAL_DATES[:1], typed).get("expected_close"))
    if (segment, timing_model, expected_close) == (handoff.segment, handoff.timing_model, handoff.expected_close):
        return None
    if handoff.stage is Stage.COMPLETED:
        raise Refusal("This handoff is completed: its deal stays as it is on record.")
    if handoff.stage is Stage.ACCEPTED and (segment, expected_close) != (handoff.segment, handoff.expected_close):
        raise Refusal("CS has accepted this handoff: of its deal only the timing model can still change.")
    return DealChanged(by=by, at=now, segment=segment, timing_model=timing_model, expected_close=expected_close)


def change_owners(
    handoff: Handoff, ae: str | None, csm: str | None, se: str | None, *, by: str, now: datetime
) -> OwnersChanged | None:
    """Name other owners; None when they are the same."""
    if handoff.stage is Stage.CANCELLED:
        raise Refusal("This handoff is cancelled. Reopen it before you name other owners.")
    if not ae:
        raise Refusal("A handoff needs an account executive.", {"ae": "A handoff needs an account executive."})
    if (ae, csm, se) == (handoff.ae, handoff.csm, handoff.se):
        return None
    if handoff.stage is Stage.IN_REVIEW and not csm:
        words = "The document is in review: name the CSM who reviews it."
        raise Refusal(words, {"csm": words})
    return OwnersChanged(by=by, at=now, ae=ae, csm=csm, se=se)


def refuse_unfit(people: Iterable[tuple[str, Person | None]]) -> None:
    """People, by field, are active colleagues: no bots, guests or deactivated accounts. Unknown ones (None) pass."""
    problems = {}
    for field, person in people:
        if person and (person.deleted or person.is_bot or person.is_guest):
            what = "is a guest here" if person.is_guest else "has a deactivated account"
            what = "is a bot" if person.is_bot else what
            problems[field] = f"{person.name} {what}. Choose a colleague who can act."
    refuse_fields(problems)


def refuse_unless_live(handoff: Handoff) -> None:
    """Only what still goes on can be cancelled."""
    if not handoff.is_live:
        raise Refusal(f"This handoff is {handoff.stage.clause} already, so there is nothing to cancel.")


def cancel(
    handoff: Handoff, playbook: Playbook, reason: str, words: str, *, by: str, now: datetime
) -> HandoffCancelled:
    """End the handoff: the deal is lost, or it should not have begun."""
    refuse_unless_live(handoff)
    if reason not in {choice.id for choice in playbook.cancel_reasons}:
        raise Refusal("Choose a reason.", {"reason": "Choose a reason."})
    return HandoffCancelled(by=by, at=now, reason=reason, words=words.strip())


def reopen(handoff: Handoff, other_live: Handoff | None, *, by: str, now: datetime) -> HandoffReopened:
    """Take a cancelled handoff up again, unless another for the same customer is live (`other_live`); or a completed
    one, which stays accepted."""
    if handoff.stage not in (Stage.CANCELLED, Stage.COMPLETED):
        raise Refusal("This handoff is neither cancelled nor completed, so there is nothing to reopen.")
    if other_live and handoff.stage is Stage.CANCELLED:
        where = f" in <#{other_live.channel.id}>" if other_live.channel.id else ""
        raise Refusal(f"This customer has another live handoff now{where}. Cancel that one first.")
    return HandoffReopened(by=by, at=now)


def _future(signed_on: date, today: date) -> dict[str, str]:
    if signed_on <= today:
        return {}
    return {"signed_on": "A signature can't lie in the future. Use Expected close date for that."}
