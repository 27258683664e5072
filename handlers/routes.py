"""The table of contents: which door opens for which id, and the one place that turns a refusal into words."""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from html import unescape
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import kit
from blocks.ids import Id, Ref
from bot.refusals import Refusal
from handlers import (
    captures,
    channels,
    completion,
    contracts,
    deadlines,
    deals,
    documents,
    escalations,
    finding,
    history,
    homes,
    imports,
    meetings,
    metrics,
    owners,
    preferences,
    promises,
    questions,
    reviews,
    rows,
    setups,
    starts,
    surveys,
    teams,
    workspaces,
)
from handlers.pages import tell
from handlers.requests import UNWELL, Click, Desk, Form, Shortcut, click_of, command_of, form_of, shortcut_of
from handlers.slack import NotOpened
from store.database import NotSaved

log = structlog.get_logger()
_MENTION = re.compile(r"<@(\w+)>")


async def choose_move(click: Click) -> None:
    """What stands in the card's menu is pressed like a button."""
    if door := CLICKS.get(click.ref.choice):
        await door(replace(click, action=click.ref.choice, ref=Ref(handoff=click.ref.handoff)))


CLICKS: dict[str, Callable[[Click], Awaitable[object]]] = {
    Id.CARD_MENU: choose_move,
    Id.START_OPEN: starts.open_form,
    Id.DOCUMENT_EDIT: documents.open_sections,
    Id.DOCUMENT_VIEW: documents.open_reading,
    Id.DOCUMENT_EXPORT: documents.export,
    Id.SECTION_OPEN: documents.open_section,
    Id.SECTION_READ: documents.mark_read,
    Id.PAGE_OLDER: finding.turn_page,
    Id.PAGE_NEWER: finding.turn_page,
    Id.ROW_ADD: rows.open_row,
    Id.ROW_MENU: rows.choose,
    Id.SIGN_OPEN: contracts.open_form,
    Id.SUBMIT: reviews.submit,
    Id.ACCEPT_OPEN: reviews.open_accept,
    Id.RETURN_OPEN: reviews.open_return,
    Id.OWNERS_OPEN: owners.open_form,
    Id.ASSIGN_OPEN: owners.open_assign,
    Id.WHO_OPEN: owners.open_who,
    Id.DEAL_OPEN: contracts.open_deal,
    Id.HISTORY_OPEN: history.open_history,
    Id.CANCEL_OPEN: contracts.open_cancel,
    Id.REOPEN: contracts.reopen,
    Id.DEADLINES_OPEN: deadlines.open_why,
    Id.STEP_NOTE: meetings.note,
    Id.STEP_TAKE_BACK: deadlines.take_back,
    Id.SNOOZE: deadlines.snooze,
    Id.WAIT_OPEN: deadlines.open_wait,
    Id.RESUME: deadlines.resume,
    Id.REASSIGN_OPEN: deadlines.open_reassign,
    Id.CSM_ASSIGN: owners.take,
    Id.QUESTIONS_OPEN: questions.open_list,
    Id.QUESTIONS_DONE: questions.prepare,
    Id.ASK_OPEN: questions.open_ask,
    Id.ASK_AGAIN_OPEN: questions.open_ask_again,
    Id.ANSWER_OPEN: questions.open_answer,
    Id.REFER_OPEN: questions.open_pass,
    Id.PROMISES_OPEN: promises.open_list,
    Id.PROMISE_OPEN: promises.open_one,
    Id.PROMISE_KEPT: promises.keep,
    Id.PROMISE_REOPEN: promises.reopen,
    Id.PROMISE_EDIT: promises.open_change,
    Id.PROMISE_END_OPEN: promises.open_end,
    Id.VERDICT_OPEN: promises.open_verdict,
    Id.ESCALATE_OPEN: escalations.open_form,
    Id.DECIDE_OPEN: escalations.open_decide,
    Id.MEETINGS_OPEN: meetings.open_list,
    Id.MEETING_OPEN: meetings.open_schedule,
    Id.NO_SHOW_OPEN: meetings.open_end,
    Id.CALL_OFF_OPEN: meetings.open_end,
    Id.PEOPLE_OPEN: meetings.open_people,
    Id.INTRODUCTION_OPEN: meetings.open_introduction,
    Id.GOOGLE: meetings.follow_link,
    Id.OUTLOOK: meetings.follow_link,
    Id.CHANNEL_RETRY: channels.retry,
    Id.CHANNEL_ANEW: channels.retry,
    Id.COMPLETE_OPEN: completion.open_form,
    Id.FEEDBACK_OPEN: completion.open_feedback,
    Id.FEEDBACK_GOOD: completion.all_good,
    Id.SURVEY_OPEN: surveys.open_form,
    Id.SURVEY_NOTHING: surveys.nothing,
    Id.CHANNEL_KEEP: completion.keep_channel,
    Id.OUTBOX_REVIVE: setups.revive,
    Id.CAPTURE_EDIT: rows.open_known,
    Id.CAPTURE_UNDO: captures.undo,
    Id.AWAY_END: preferences.be_back,
    **dict.fromkeys((Id.HOME_TEAM, Id.HOME_CS, Id.HOME_SALES, Id.HOME_ADMIN, Id.HOME_FILTER, Id.HOME_FIND), homes.turn),
    Id.SETUP_OPEN: setups.open_form,
    Id.TEAMS_OPEN: teams.open_form,
    Id.TEAMS_MORE: teams.show_more,
    Id.DEALS_OPEN: deals.open_list,
    Id.DEALS_IMPORT_OPEN: imports.open_form,
    Id.DEAL_TAKE_OFF: deals.take_off,
    Id.METRICS_OPEN: metrics.open_figures,
    Id.FIGURE_OPEN: metrics.open_evidence,
    Id.METRICS_CHOOSE: metrics.open_choice,
    Id.HANDOFFS_EXPORT: metrics.export,
    Id.FIGURES_EXPORT: metrics.export,
}

FORMS: dict[str, Callable[[Form], Awaitable[dict[str, Any] | None]]] = {
    Id.START_SUBMIT: starts.submit,
    Id.SECTION_SAVE: documents.save_section,
    Id.ROW_SAVE: rows.save,
    Id.SIGN_SUBMIT: contracts.sign,
    Id.ACCEPT_SUBMIT: reviews.accept,
    Id.RETURN_SUBMIT: reviews.send_back,
    Id.OWNERS_SAVE: owners.save,
    Id.ASSIGN_SAVE: owners.assign,
    Id.DEAL_SAVE: contracts.save_deal,
    Id.CANCEL_SUBMIT: contracts.cancel,
    Id.SNOOZE_SAVE: deadlines.snooze_until,
    Id.WAIT_SAVE: deadlines.wait,
    Id.REASSIGN_SAVE: deadlines.reassign,
    Id.ASK_SUBMIT: questions.ask,
    Id.ASK_AGAIN_SUBMIT: questions.ask_again,
    Id.ANSWER_SUBMIT: questions.answer,
    Id.REFER_SUBMIT: questions.pass_on,
    Id.VERDICT_SAVE: promises.judge,
    Id.PROMISE_END_SAVE: promises.end,
    Id.PROMISE_SAVE: promises.change,
    Id.ESCALATE_SUBMIT: escalations.escalate,
    Id.DECIDE_SUBMIT: escalations.decide,
    Id.MEETING_SAVE: meetings.schedule,
    Id.HELD_SAVE: meetings.hold,
    Id.NO_SHOW_SAVE: meetings.fall_through,
    Id.CALL_OFF_SAVE: meetings.fall_through,
    Id.CONTACT_SAVE: meetings.contact,
    Id.CAPTURE_CHOOSE: captures.choose,
    Id.CAPTURE_SAVE: captures.save,
    Id.COMPLETE_SUBMIT: completion.complete,
    Id.FEEDBACK_SAVE: completion.feedback,
    Id.SURVEY_SAVE: surveys.note,
    Id.METRICS_SHOW: metrics.show,
    Id.SETUP_SAVE: setups.save,
    Id.TEAMS_SAVE: teams.save,
    Id.DEALS_IMPORT: imports.take,
    Id.PREFERENCES_SAVE: preferences.save_settings,
    Id.AWAY_SAVE: preferences.save_away,
}

SHORTCUTS: dict[str, Callable[[Shortcut], Awaitable[object]]] = {Id.CAPTURE_OPEN: captures.open_form}

EVENTS: dict[str, Callable[[Desk, str, dict[str, Any]], Awaitable[None]]] = {
    "app_home_opened": homes.opened,
    "user_change": workspaces.person_changed,
    "team_join": workspaces.person_changed,
    "reaction_added": captures.reacted,
    "channel_rename": channels.renamed,
    "group_rename": channels.renamed,
    "channel_archive": channels.archived,
    "group_archive": channels.archived,
    "channel_unarchive": channels.unarchived,
    "group_unarchive": channels.unarchived,
    "channel_left": channels.left,
    "group_left": channels.left,
    "channel_deleted": channels.deleted,
    "group_deleted": channels.deleted,
}


def listen(app: AsyncApp, desk: Desk) -> None:
    """One catch-all per kind of payload: Bolt tries its listeners one by one, a dict does not."""

    @app.command(re.compile(".*"))
    async def _command(ack: AsyncAck, body: dict[str, Any]) -> None:
        command = command_of(desk, body)
        desk.pulse.leave(command.team, command.user)
        try:
            await ack(**await finding.answer(command))
        except Exception as error:
            await ack(text=words_of(error, command=command.text), response_type="ephemeral")

    @app.action(re.compile(".*"))
    async def _click(ack: AsyncAck, body: dict[str, Any]) -> None:
        await _press(click_of(desk, body), CLICKS)
        await ack()

    @app.shortcut(re.compile(".*"))
    async def _shortcut(ack: AsyncAck, body: dict[str, Any]) -> None:
        await _press(shortcut_of(desk, body), SHORTCUTS)
        await ack()

    @app.view(re.compile(".*"))
    async def _form(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = form_of(desk, body)
        try:
            door = FORMS.get(form.callback)
            answer = await door(form) if door else None
            await homes.keep_up(form)
        except Exception as error:
            answer = await _form_errors(form, error)
        await ack(answer or {})

    @app.event(re.compile(".*"))
    async def _event(ack: AsyncAck, body: dict[str, Any]) -> None:
        event = body.get("event", {})
        if door := EVENTS.get(event.get("type", "")):
            await door(desk, body.get("team_id", ""), event)
        await ack()


async def _press(click: Click, doors: Mapping[str, Callable[[Any], Awaitable[object]]]) -> None:
    try:
        if door := doors.get(click.action):
            await door(click)
    except Exception as error:
        await _tell(click, error)
        if isinstance(error, NotSaved):
            return  # whoever has waited for the database so long waits for nothing else
    await homes.keep_up(click)


def words_of(error: Exception, **where: str) -> str:
    """What a person reads: the rule's own words, or a reference to what is logged once."""
    if isinstance(error, Refusal):
        return error.words
    reference = secrets.token_hex(3).upper()
    log.error("unexpected", reference=reference, exc_info=error, **where)
    return (
        f"Something went wrong; what you saved before is safe. Try again, and tell your admin {reference} if it stays."
    )


async def _form_errors(form: Form, error: Exception) -> dict[str, Any]:
    words = words_of(error, form=form.callback)
    fields = error.fields if isinstance(error, Refusal) else {}
    errors = {block: await _with_names(form, text) for name, text in fields.items() if (block := form.block_of(name))}
    if not errors and form.first_input:
        errors = {form.first_input: await _with_names(form, words)}
    if errors:
        return {"response_action": "errors", "errors": errors}
    return {"response_action": "update", "view": kit.modal("Not done", [kit.section(words)])}


async def _with_names(form: Form, words: str) -> str:
    """The words for a form's error, which is plain text: without marks, and with names instead of mentions."""
    words = unescape(words.replace("`", ""))
    mentioned = _MENTION.findall(words)
    if not mentioned:  # the words may be that the database is away
        return words
    people = await form.read(lambda work: [work.person(user) for user in mentioned])
    names = {person.id: person.name for person in people if person}
    return _MENTION.sub(lambda mention: names.get(mention[1], "them"), words)


async def _tell(click: Click, refused: Exception) -> None:
    words = words_of(refused, action=click.action)
    try:
        if isinstance(refused, NotOpened) and click.view.get("type") == "modal":
            await click.redraw(kit.with_words(click.view, words))
        else:
            await tell(click, "Not now", words)
    except (*UNWELL, Refusal) as error:
        log.warning("could not tell", action=click.action, error=str(error))
