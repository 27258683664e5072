"""Starting a handoff."""

from datetime import date, datetime
from typing import Any

from blocks.kit import View
from blocks.starts import start_view
from bot.deals import OWNER_LABELS, day_of, read_deal, refuse_unfit, signing_moment, told, unanswered
from bot.events import ContractSigned, HandoffStarted
from bot.handoffs import Deal, Handoff
from bot.refusals import Refusal, refuse_fields
from handlers.pages import above, redraw_below
from handlers.requests import Form, Request
from store import deals
from store.work import Work


class LiveAlready(Refusal):
    """The customer has a live handoff. A form's errors are plain text, so the link to it stands above the form."""

    def __init__(self, handoff: Handoff) -> None:
        where = f" in #{handoff.channel.name}" if handoff.channel.name else ""
        words = f"{handoff.customer} has a live handoff already{where}: {handoff.stage.clause}."
        super().__init__(words, {"company_name": words})
        self.handoff = handoff


async def open_form(request: Request, customer: str = "") -> None:
    """Show "Start a handoff"."""

    def draw(work: Work) -> View:
        deal = deals.waiting(work.connection, work.team, request.ref.deal) if request.ref.deal else None
        known = told(deal, work.settings().zone) if deal else {"company_name": customer[:150], "ae": request.user}
        live = work.live_handoff_of(known["company_name"], known.get("website", "")) if known["company_name"] else None
        return start_view(work.playbook(), known, live, above(request))

    await request.open(await request.read(draw))


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
        refuse_fields(unanswered(playbook, typed))
        refuse_unfit((role, work.person(user)) for role, user in owners.items())
        if other := work.live_handoff_of(answers["company_name"], answers.get("website", "")):
            raise LiveAlready(other)
        deal = _deal(answers, typed)
        ae = owners["ae"] or form.user
        started = HandoffStarted(
            by=form.user, at=now, playbook=work.playbook_digest, deal=deal, ae=ae, csm=owners["csm"], se=owners["se"]
        )
        handoff = work.start(started)
        if deal.signed_on:
            signed_at = signing_moment(deal.signed_on, now, today, work.settings().zone)
            work.record(handoff, ContractSigned(by=form.user, at=now, signed_at=signed_at))

    try:
        await form.commit(start)
    except LiveAlready as refusal:
        playbook = form.desk.store.playbooks.current
        await form.update(form.view["id"], start_view(playbook, {"ae": form.user}, refusal.handoff, form.ref))
        raise
    await redraw_below(form)
    return None


def _deal(answers: dict[str, str], typed: dict[str, str]) -> Deal:
    return Deal(
        company_name=answers["company_name"],
        website=answers.get("website", ""),
        segment=typed["segment"],
        contract_value=answers.get("contract_value", ""),
        currency=answers.get("currency", ""),
        timing_model=typed["timing_model"],
        expected_close=day_of(answers.get("expected_close")),
        signed_on=day_of(answers.get("signed_on")),
    )


def local_date(work: Work, user: str, now: datetime) -> date:
    """What day it is where `user` is, as far as Slack has told."""
    return work.colleagues().calendar(user).local(now).date()
