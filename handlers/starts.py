"""Starting a handoff."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from blocks.starts import start_view
from bot.deals import OWNER_LABELS, read_deal, refuse_unfit_owners, signing_moment
from bot.events import ContractSigned, HandoffStarted
from bot.handoffs import Deal, Handoff
from bot.playbook import Playbook
from bot.refusals import Refusal, refuse_fields
from handlers.requests import Form, Request
from store.work import Work


async def open_form(request: Request, customer: str = "") -> None:
    """Show "Start a handoff"."""
    playbook = request.desk.store.playbooks.current
    await request.open(start_view(playbook, customer[:150], request.user))


async def submit(form: Form) -> dict[str, Any] | None:
    """Begin the handoff, unless the customer has a live one."""
    now = form.now
    typed = form.answers

    def start(work: Work) -> None:
        if not work.first_time(form.key, now):
            return
        playbook = work.playbook()
        today = local_date(work, form.user, now)
        answers = read_deal(playbook, typed, today)
        owners = {role: typed.get(role) or None for role in OWNER_LABELS}
        refuse_fields(_unanswered(playbook, typed))
        refuse_unfit_owners({role: work.person(user) for role, user in owners.items()})
        if other := work.live_handoff_of(answers["company_name"], answers.get("website", "")):
            words = duplicate_words(other)
            raise Refusal(words, {"company_name": words})
        deal = Deal(
            company_name=answers["company_name"],
            website=answers.get("website", ""),
            segment=typed["segment"],
            contract_value=answers.get("contract_value", ""),
            currency=answers.get("currency", ""),
            timing_model=typed["timing_model"],
            expected_close=_day(answers.get("expected_close")),
            signed_on=_day(answers.get("signed_on")),
        )
        ae = owners["ae"] or form.user
        started = HandoffStarted(
            by=form.user, at=now, playbook=work.playbook_digest, deal=deal, ae=ae, csm=owners["csm"], se=owners["se"]
        )
        handoff = work.start(started)
        if deal.signed_on:
            signed_at = signing_moment(deal.signed_on, now, today)
            work.record(handoff, ContractSigned(by=form.user, at=now, signed_at=signed_at))

    await form.commit(start)
    return None


def local_date(work: Work, user: str, now: datetime) -> date:
    """What day it is where `user` is, as far as Slack has told."""
    person = work.person(user)
    try:
        return now.astimezone(ZoneInfo(person.tz)).date() if person else now.date()
    except (KeyError, ValueError):
        return now.date()


def duplicate_words(other: Handoff) -> str:
    """Names the live handoff and where it is; form errors are plain text, so the channel is named, not linked."""
    where = f" in #{other.channel.name}" if other.channel.name else ""
    name = other.customer
    return f"{name} has a live handoff already{where}: {other.stage.label.lower()}. See /handoff status {name}"


def _unanswered(playbook: Playbook, typed: dict[str, str]) -> dict[str, str]:
    problems = {}
    if typed.get("segment") not in {choice.id for choice in playbook.segments}:
        problems["segment"] = "Segment is needed: it decides which answers the document asks for."
    if typed.get("timing_model") not in {choice.id for choice in playbook.timing_models}:
        problems["timing_model"] = "Timing model is needed."
    return problems


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
