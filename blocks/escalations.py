"""Escalations: the form, what is open on the card, and the messages that carry them to the leaders and back."""

from collections.abc import Sequence

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from bot.escalations import WORDS, open_escalations
from bot.handoffs import Handoff
from bot.records import Decision, Escalation, Severity

_SEVERITIES = {
    Severity.HIGH: ("High", "The customer, or the contract, is at stake"),
    Severity.MEDIUM: ("Medium", "It will hurt if nobody decides this week"),
    Severity.LOW: ("Low", "It can wait for the next talk"),
}
_DECISIONS = {
    Decision.HONOUR: ("Honour", "We keep it as it was given, and find a way"),
    Decision.RENEGOTIATE: ("Renegotiate", "We talk to the customer; the promise stays open until that is done"),
    Decision.WITHDRAW: ("Withdraw", "We tell the customer that we will not do it; the promise counts as broken"),
}
_DECIDED = {
    Decision.HONOUR: "honour the promise",
    Decision.RENEGOTIATE: "renegotiate the promise",
    Decision.WITHDRAW: "withdraw the promise",
}
_ON_THE_CARD = 3
_SHORT = 200


def card_lines(handoff: Handoff) -> list[str]:
    """What waits for the leaders, the worst first."""
    waiting = open_escalations(handoff)
    lines = [f":rotating_light: *Escalated:* {_headline(one, _SHORT)}" for one in waiting[:_ON_THE_CARD]]
    more = len(waiting) - _ON_THE_CARD
    return [*lines, f":rotating_light: {more} more escalation{'s' if more > 1 else ''}"] if more > 0 else lines


def _headline(one: Escalation, limit: int) -> str:
    severity = _SEVERITIES[one.severity][0].lower()
    return f"“{kit.in_brief(one.what, limit)}” ({severity}) — {kit.person(one.by)}, {kit.moment(one.at)}"


def escalate_view(handoff: Handoff, leaders: Sequence[str], *, may_decide: bool) -> View:
    """What have the leaders to decide? Above it stands what is open already."""
    blocks: list[Block] = [kit.section(f"*{kit.escape(handoff.customer)}*\n{_goes_to(leaders)}")]
    for one in open_escalations(handoff):
        button = kit.button("Decide", Id.DECIDE_OPEN, _ref(handoff, one)) if may_decide else None
        blocks.append(kit.section(f":rotating_light: *Open:* {_headline(one, 500)}", button))
    severities = [kit.option(text, one.value, more) for one, (text, more) in _SEVERITIES.items()]
    limit = WORDS.max_length
    blocks += [
        kit.field_input(
            "words",
            "What do they have to decide?",
            kit.text_input(multiline=True, max_length=limit),
            optional=False,
            hint="It stands on the card until they have",
        ),
        kit.field_input("severity", "How bad is it?", kit.radio(severities, Severity.MEDIUM), optional=False),
    ]
    ref = Ref(handoff=handoff.id, below=Id.ESCALATE_OPEN).pack()
    return kit.modal(
        "Escalate", blocks, callback_id=Id.ESCALATE_SUBMIT, submit="Escalate", close="Cancel", metadata=ref
    )


def _goes_to(leaders: Sequence[str]) -> str:
    if leaders:
        return f"It goes to {_people(leaders)}, who answer with a decision."
    return ":warning: No leaders are named yet. The admins and the AE are told, so that somebody names them."


def _people(people: Sequence[str]) -> str:
    return " and ".join(kit.person(one) for one in people)


def escalated_view(leaders: Sequence[str]) -> View:
    """Who has it now."""
    words = f"{_people(leaders)} {'have' if len(leaders) > 1 else 'has'} it now. You hear what is decided."
    nobody = (
        ":warning: It is on the card, but nobody can decide yet: no leaders are named. The admins and the AE are told "
        "to name them in `/handoff setup`."
    )
    return kit.modal("Escalated", [kit.section(words if leaders else nobody)])


def decide_view(handoff: Handoff, one: Escalation, ref: Ref) -> View:
    """What is decided?"""
    blocks = _about(handoff, one)
    if one.promise:
        options = [kit.option(text, decision.value, more) for decision, (text, more) in _DECISIONS.items()]
        blocks.append(kit.field_input("decision", "What happens with the promise?", kit.radio(options), optional=False))
    limit = WORDS.max_length
    words = kit.text_input(multiline=True, max_length=limit)
    hint = "The AE and the CSM read this"
    blocks.append(kit.field_input("outcome", "In your words", words, optional=False, hint=hint))
    return kit.modal(
        "Decide", blocks, callback_id=Id.DECIDE_SUBMIT, submit="Decide", close="Not yet", metadata=ref.pack()
    )


def _about(handoff: Handoff, one: Escalation) -> list[Block]:
    """What it is about, word for word; of a promise, why it cannot be done."""
    blocks = [kit.rich([kit.said(one.what)])]
    if (promise := handoff.promises.get(one.promise)) and promise.verdict_words:
        said = [kit.mention(promise.verdict_by), kit.said(f": {promise.verdict_words}")]
        blocks.append(kit.rich(said))
    return blocks


def escalation(handoff: Handoff, one: Escalation, *, may_decide: bool, has_leaders: bool) -> list[Block]:
    """To a leader (or to who can name one): please decide. Redrawn once somebody has."""
    customer = kit.escape(handoff.customer)
    if not one.is_open:
        lead = f"What {kit.person(one.by)} escalated about *{customer}* is settled: {_outcome(one)}"
        return [kit.section(lead), *_about(handoff, one), kit.rich([kit.said(one.outcome)]), _view(handoff)]
    severity = _SEVERITIES[one.severity][0].lower()
    lead = f":rotating_light: {kit.person(one.by)} escalated about *{customer}* ({severity})."
    blocks = [kit.section(lead), *_about(handoff, one)]
    if not has_leaders:
        words = (
            ":warning: No leaders are named, so nobody can decide. An admin names them in `/handoff setup`; then they "
            "find it under *Escalate* on the card."
        )
        blocks.append(kit.section(words))
    decide = kit.button("Decide", Id.DECIDE_OPEN, _ref(handoff, one), kit.Style.PRIMARY)
    return [*blocks, kit.actions(*([decide] if may_decide else []), *_view(handoff)["elements"])]


def decision(handoff: Handoff, one: Escalation) -> list[Block]:
    """To the AE, the CSM and who escalated: what was decided."""
    lead = f"About *{kit.escape(handoff.customer)}*: {_outcome(one)}"
    said = [kit.strong("Decided: "), kit.said(one.outcome)]
    return [kit.section(lead), *_about(handoff, one), kit.rich(said), _view(handoff)]


def _outcome(one: Escalation) -> str:
    what = f" to {_DECIDED[one.decision]}" if one.decision else ""
    return f"{kit.person(one.closed_by)} decided{what}."


def did(decided: Decision | None) -> str:
    """What was decided of a promise, "" of anything else."""
    return _DECIDED[decided] if decided else ""


def _view(handoff: Handoff) -> Block:
    ref = Ref(handoff=handoff.id).pack()
    view = kit.button("View document", Id.DOCUMENT_VIEW, ref)
    return kit.actions(view, kit.button("Promises", Id.PROMISES_OPEN, ref))


def _ref(handoff: Handoff, one: Escalation) -> str:
    return Ref(handoff=handoff.id, escalation=one.id).pack()
