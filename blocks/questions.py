"""Questions: beside the document, on the card, as a list, and the messages that carry them to and fro."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import Block, Element, View
from blocks.pages import pager
from blocks.values import place
from bot.handoffs import Handoff, Stage
from bot.nudges import Watch
from bot.playbook import Playbook, Section
from bot.questions import answers, open_questions
from bot.records import Question, Said
from bot.timing import Fact

PER_PAGE = 10
_LAST = 4  # entries of a thread in a list or a message
_SHORT = 600
_BRIEF = 200
_WHOLE = "whole"  # what `about` holds in a form that asks about the whole: Slack takes no empty value


def thread(question: Question, *, last: int | None = None, limit: int = kit.MAX_TEXT) -> Iterator[Block]:
    """The thread in literal text, oldest first: all of it, or the `last` entries."""
    said = question.thread[-last:] if last else question.thread
    if len(said) < len(question.thread):
        yield kit.context(f"{len(question.thread) - len(said)} earlier entries are in the document.")
    yield from (_entry(one, limit) for one in said)


def _entry(said: Said, limit: int) -> Block:
    what = "Answer" if said.is_answer else "Question"
    when = f", {kit.day(said.at)}: "
    return kit.rich([kit.strong(f"{what} · "), kit.mention(said.by), kit.said(when + kit.clip(said.words, limit))])


def card_line(handoff: Handoff) -> list[str]:
    """What waits for an answer: how many, since when, with whom. The words are not for everybody."""
    waiting = open_questions(handoff)
    if not waiting:
        return []
    owners = ", ".join(kit.person(one) for one in dict.fromkeys(answers(question, handoff) for question in waiting))
    count = f"{len(waiting)} open questions*, the oldest" if len(waiting) > 1 else "1 open question*, asked"
    return [f":speech_balloon: *{count} {kit.moment(waiting[0].asked_at)} — {owners}"]


# -- the list


def questions_view(handoff: Handoff, playbook: Playbook, page: int, *, sensitive: bool) -> View:
    """Every question that the reader may see: those that wait first, then the newest."""
    seen = [one for one in handoff.questions.values() if sensitive or not playbook.is_sensitive(one.about)]
    ordered = sorted(seen, key=lambda one: (not one.is_open, one.asked_at.timestamp() * (1 if one.is_open else -1)))
    waiting = sum(one.is_open for one in seen)
    counts = f"{waiting} open, {len(seen) - waiting} answered" if seen else "Nobody has asked anything yet"
    blocks: list[Block] = [kit.context(f"{kit.escape(handoff.customer)} · {counts}{_prepared(handoff)}")]
    if handoff.stage is not Stage.CANCELLED:
        blocks.append(kit.actions(*ask_buttons(handoff)))
    page = min(page, max(0, len(ordered) - 1) // PER_PAGE)
    for question in ordered[page * PER_PAGE : (page + 1) * PER_PAGE]:
        blocks += [kit.divider(), kit.section(_headline(question, handoff, playbook))]
        blocks += thread(question, last=_LAST, limit=_SHORT)
        blocks += [kit.actions(*_buttons(question, handoff))] if handoff.stage is not Stage.CANCELLED else []
    here = Ref(handoff=handoff.id, page=page, below=Id.QUESTIONS_OPEN)
    return kit.modal(
        "Questions", [*blocks, *pager(here, more=(page + 1) * PER_PAGE < len(ordered))], metadata=here.pack()
    )


def _prepared(handoff: Handoff) -> str:
    done = handoff.steps.get(Fact.QUESTIONS_PREPARED)
    return f" · {kit.person(done.by)} has no {'more ' if handoff.questions else ''}questions" if done else ""


def ask_buttons(handoff: Handoff) -> list[Element]:
    """Ask, or say that there is nothing to ask (any more)."""
    ref = Ref(handoff=handoff.id).pack()
    ask = kit.button("Ask a question", Id.ASK_OPEN, ref, kit.Style.PRIMARY)
    done = kit.button("That is all" if handoff.questions else "No questions", Id.QUESTIONS_DONE, ref)
    is_due = handoff.submissions and not {Fact.QUESTIONS_PREPARED, Fact.INTERNAL_MEETING_HELD} & handoff.steps.keys()
    return [ask, done] if is_due else [ask]


def answer_buttons(question: Question, handoff: Handoff) -> list[Element]:
    """Answer, or pass it on."""
    ref = _ref(question, handoff)
    return [
        kit.button("Answer", Id.ANSWER_OPEN, ref, kit.Style.PRIMARY),
        kit.button("Pass it on", Id.REFER_OPEN, ref),
    ]


def _buttons(question: Question, handoff: Handoff) -> list[Element]:
    ref = _ref(question, handoff)
    if question.is_open:
        return [*answer_buttons(question, handoff), kit.button("Add to the question", Id.ASK_AGAIN_OPEN, ref)]
    return [
        kit.button("Ask again", Id.ASK_AGAIN_OPEN, ref),
        kit.button("Correct the answer", Id.ANSWER_OPEN, ref),
    ]


def _headline(question: Question, handoff: Handoff, playbook: Playbook) -> str:
    about = _title(question, playbook)
    if question.is_open:
        return f":speech_balloon: {about} — {kit.person(answers(question, handoff))}"
    return f":white_check_mark: {about}"


def asked_line(watch: Watch, now: datetime) -> str:
    """An open question among those of other customers: who asks what, and until when. What is sensitive stays out."""
    handoff, playbook = watch.handoff, watch.playbook
    question, due = handoff.questions[int(watch.rule.item)], watch.due(now)
    about = f"*{kit.escape(handoff.customer)}* · {kit.escape(place(playbook, question.about))}"
    last = question.thread[-1]
    words = "" if playbook.is_sensitive(question.about) else f": “{kit.in_brief(last.words, _BRIEF)}”"
    late = (
        ""
        if due is None
        else f"\n:warning: *Overdue* since {kit.moment(due)}"
        if now >= due
        else f"\nDue {kit.moment(due)}"
    )
    return f"{about}\n{kit.person(last.by)} asks{words}{late}"


def _title(question: Question, playbook: Playbook) -> str:
    where = place(playbook, question.about)
    return f"*{kit.escape(where[0].upper() + where[1:])}*"


def _ref(question: Question, handoff: Handoff) -> str:
    return Ref(handoff=handoff.id, question=question.id).pack()


# -- asking while reading


def about_select(handoff: Handoff, section: Section, *, sensitive: bool) -> Element:
    """Ask about a section or one of its answers."""
    fields = [field for field in section.fields if sensitive or not field.sensitive]
    named = [field for field in fields if len(fields) > 1 or field.label != section.label]
    ref = Ref(handoff=handoff.id, section=section.id)
    options = [kit.option(section.label, ref.pack())]
    options += [kit.option(one.label, ref.model_copy(update={"field": one.id}).pack()) for one in named]
    return kit.select(options, placeholder="Ask a question about…") | {"action_id": Id.ASK_OPEN}


# -- forms


def ask_view(handoff: Handoff, playbook: Playbook, ref: Ref, reader: str, *, sensitive: bool) -> View:
    """What would you like to know, about what, from whom?"""
    groups: list[dict[str, Any]] = [
        {"label": kit.plain("All of it", kit.MAX_OPTION), "options": [kit.option("The whole handoff", _WHOLE)]}
    ]
    for section in playbook.sections:
        options = [kit.option("The whole section", section.id)]
        options += [
            kit.option(field.label, f"{section.id}.{field.id}")
            for field in section.fields
            if sensitive or not field.sensitive
        ]
        groups.append({"label": kit.plain(section.label, kit.MAX_OPTION), "options": options})
    chosen = path_in(ref) or _WHOLE
    flat = [option for group in groups for option in group["options"]]
    initial = next(option for option in flat if option["value"] == chosen)
    select = {"type": "static_select", "option_groups": groups, "initial_option": initial}
    only = "Who may not see an answer does not see questions about it." if sensitive else None
    blocks = [
        kit.field_input("words", "Your question", kit.text_input(multiline=True), optional=False),
        kit.field_input("about", "About", select | {"placeholder": kit.plain("Choose")}, optional=False, hint=only),
        kit.field_input(
            "to",
            "Who should answer",
            kit.person_select(handoff.se if reader == handoff.ae else handoff.ae),
            optional=False,
        ),
    ]
    return kit.modal(
        "Ask a question", blocks, callback_id=Id.ASK_SUBMIT, submit="Ask", close="Cancel", metadata=ref.pack()
    )


def path_in(ref: Ref) -> str:
    """What was chosen while reading as a path of the document, "" for the whole."""
    return ".".join(part for part in (ref.section, ref.field) if part)


def path_of(about: str) -> str:
    """What was chosen in the form as a path of the document, "" for the whole."""
    return "" if about == _WHOLE else about


def answer_view(question: Question, playbook: Playbook, ref: Ref) -> View:
    """The thread, and room for the answer; or for a better one."""
    seen = ref.model_copy(update={"question": question.id, "revision": len(question.thread)})
    label = "Your answer" if question.is_open else "What is right"
    blocks = [
        *_asked(question, playbook),
        kit.field_input(
            "words", label, kit.text_input(multiline=True), optional=False, hint=_who_reads(question, playbook)
        ),
    ]
    title = "Answer" if question.is_open else "Correct the answer"
    return kit.modal(title, blocks, callback_id=Id.ANSWER_SUBMIT, submit="Answer", close="Cancel", metadata=seen.pack())


def ask_again_view(question: Question, playbook: Playbook, ref: Ref) -> View:
    """The thread, and room for what is still to be answered."""
    label = "What you would like to add" if question.is_open else "What is still to be answered"
    blocks = [
        *_asked(question, playbook),
        kit.field_input(
            "words", label, kit.text_input(multiline=True), optional=False, hint=_who_reads(question, playbook)
        ),
    ]
    title = "Add to the question" if question.is_open else "Ask again"
    return kit.modal(title, blocks, callback_id=Id.ASK_AGAIN_SUBMIT, submit="Ask", close="Cancel", metadata=ref.pack())


def pass_view(question: Question, handoff: Handoff, playbook: Playbook, ref: Ref) -> View:
    """Who knows?"""
    se = None if playbook.is_sensitive(question.about) else handoff.se
    blocks = [
        *_asked(question, playbook),
        kit.field_input("to", "Who should answer", kit.person_select(se), optional=False),
    ]
    return kit.modal(
        "Pass it on", blocks, callback_id=Id.REFER_SUBMIT, submit="Pass it on", close="Cancel", metadata=ref.pack()
    )


def _asked(question: Question, playbook: Playbook) -> Sequence[Block]:
    return [kit.section(_title(question, playbook)), *thread(question, last=_LAST)]


def _who_reads(question: Question, playbook: Playbook) -> str:
    if playbook.is_sensitive(question.about):
        return "Seen by the AE, the CSM and their leaders only"
    return "Stands in the document, for everybody who may read it"


# -- messages


def question(
    handoff: Handoff, playbook: Playbook, about: Question, edition: str, reader: str, *, sensitive: bool
) -> list[Block]:
    """To `reader`, who was to answer then (`edition`): the words and what to press. Redrawn when it is settled."""
    customer, where = kit.escape(handoff.customer), f"*{kit.escape(place(playbook, about.about))}*"
    owner = answers(about, handoff)
    if playbook.is_sensitive(about.about) and not sensitive:
        return [kit.section(f"{kit.person(owner)} takes care of a question about *{customer}* now.")]
    view = kit.button("View document", Id.DOCUMENT_VIEW, Ref(handoff=handoff.id).pack())
    is_old = edition != about.edition and (owner == reader or int(edition.split(".")[1]) != about.round)
    if not about.is_open or is_old:
        how = f"answered by {kit.person(about.thread[-1].by)}" if not about.is_open else "asked again, see below"
        lead = f"The question about {where} of *{customer}* is settled here: {how}."
        return [kit.section(lead), *thread(about, last=_LAST), kit.actions(view)]
    if handoff.stage is Stage.CANCELLED:
        return [kit.section(f"The question about {where} is settled: the handoff of *{customer}* is cancelled.")]
    if owner != reader:
        return [kit.section(f"{kit.person(owner)} answers the question about {where} of *{customer}* now.")]
    asker, again = kit.person(about.thread[-1].by), " again" if about.round > 1 else ""
    hours = next((rule.hours for rule in playbook.deadlines if rule.starts is Fact.QUESTION_ASKED), None)
    due = f" Please answer within {hours} hours: then nobody has to ask the customer." if hours else ""
    lead = f"{asker} asks you{again} about {where} of *{customer}*.{due}"
    return [kit.section(lead), *thread(about, last=_LAST), kit.actions(*answer_buttons(about, handoff), view)]


def answer(handoff: Handoff, playbook: Playbook, about: Question, seen: int, *, sensitive: bool) -> list[Block]:
    """To who asked, and to the CSM: the answer, which was the entry `seen` of the thread, and what came after it."""
    customer, where = kit.escape(handoff.customer), f"*{kit.escape(place(playbook, about.about))}*"
    if playbook.is_sensitive(about.about) and not sensitive:
        return [kit.section(f"A question about *{customer}* was answered.")]
    said = about.thread[seen - 1]
    did = "corrected the answer" if about.thread[seen - 2].is_answer else "answered"
    lead = f"{kit.person(said.by)} {did} about {where} of *{customer}*."
    view = kit.button("View document", Id.DOCUMENT_VIEW, Ref(handoff=handoff.id).pack())
    again = kit.button("Ask again", Id.ASK_AGAIN_OPEN, _ref(about, handoff))
    buttons = [view] if about.is_open or handoff.stage is Stage.CANCELLED else [again, view]
    return [kit.section(lead), *thread(about, last=_LAST), kit.actions(*buttons)]
