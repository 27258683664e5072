"""Closed deals from a CRM's file: the form that takes it, the errand that reads it, and what is said of it."""

import asyncio
from collections import Counter
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError

from blocks.imports import being_read, import_view, report_blocks, report_text
from bot.errands import Errand, Kind
from bot.imports import MOST_BYTES, Closed, Import, Report, people_by_word, read_deals
from bot.permissions import demand_overview
from bot.refusals import Refusal
from handlers.delivery import Job
from handlers.pages import above
from handlers.posting import found, post
from handlers.recounts import recount
from handlers.requests import Form, Request
from handlers.slack import Refused, Unanswered, code_of, download
from handlers.workspaces import known_person
from store import deals, outbox, queries
from store.database import NotSaved
from store.matches import News
from store.work import Work

_AT_ONCE = 500  # deals in one transaction: people's own come between
_NAMED = 10  # rows that were not taken
_MOST_ATTEMPTS = 8  # as many as an errand has that breaks each time
_NO_SCOPE = (
    "Slack does not let Baton read files yet. An admin adds the scope `files:read` on the app's page at Slack and "
    "installs the app again; then this works."
)
_TOO_SLOW = "The database took too long. Send the file again later: what was kept of it is not counted twice."
_UNNAMED = "The file"
_NOT_GIVEN = "Slack did not give the file. Send it again; if that stays so, tell your admin."
_IN_VAIN = "Baton tried it several times in vain. Send it again; if that stays so, tell your admin."
_UNREADABLE = {
    "file_not_found": "The file is not in Slack any more. Send it again.",
    "file_deleted": "The file is not in Slack any more. Send it again.",
    "missing_scope": _NO_SCOPE,
    "access_denied": _NO_SCOPE,
    "not_in_slack": "The file is kept outside of Slack. Download it, and send it from your computer.",
}


async def open_form(request: Request) -> None:
    """Show the form that takes the file."""
    await _demand(request)
    try:
        await request.open(import_view(above(request)))
    except SlackApiError as error:
        if code_of(error) != "missing_scope":
            raise
        raise Refusal(_NO_SCOPE) from None


async def take(form: Form) -> dict[str, Any]:
    """Read the file soon."""
    await _demand(form)
    about = {"person": form.user, "file": form.answers["file"]}
    errand = Errand(Kind.IMPORT_DEALS, "deals", about)  # one lane: two files are read one after the other

    def post_once(work: Work) -> None:
        if work.first_time(form.key, form.now):
            work.post([errand], form.now)

    await form.commit(post_once)
    return {"response_action": "update", "view": being_read()}


async def import_deals(job: Job) -> None:
    """Keep what the file tells, some deals at a time. How far it came stands in the errand: killed, it goes on there,
    and no deal is counted twice."""
    if "told" in job.entry.about:
        return
    try:
        report = await _import(job)
    except NotSaved:  # the database is away, and will be back
        raise
    except Exception:
        if job.entry.attempts >= _MOST_ATTEMPTS:
            await _conclude(job, Report(file=_UNNAMED, problem=_IN_VAIN))
        raise
    await _conclude(job, report)


async def _import(job: Job) -> Report:
    about, file = job.entry.about, {"name": _UNNAMED}
    try:
        file |= (await job.call(job.client.files_info, file=about["file"]))["file"]
        told = await _read(job, await download(job.client, file.get("url_private_download", ""), MOST_BYTES))
    except NotSaved:
        raise
    except Refusal as refusal:
        return Report(file=file["name"], problem=refusal.words)
    except Refused as refused:
        return Report(file=file["name"], problem=_UNREADABLE.get(refused.code, _NOT_GIVEN))
    rest = [(row, deal) for row, deal in told.deals.items() if row > int(about.get("row", 0))]
    for start in range(0, len(rest), _AT_ONCE):
        if (kept := await job.make(_take(job, about, rest[start : start + _AT_ONCE]))) is None:
            return Report(file=file["name"], problem=_TOO_SLOW)
        about = kept
    new, changed, known = (int(about.get(news, 0)) for news in (News.NEW, News.CHANGED, News.KNOWN))
    named = dict(list(told.refused.items())[:_NAMED])
    return Report(
        file=file["name"],
        not_taken=len(told.refused),
        refused=named,
        remarks=told.remarks,
        new=new,
        changed=changed,
        known=known,
    )


async def tell_import(job: Job) -> None:
    """Tell who sent the file what became of it."""
    person, report = job.entry.about["person"], Report.model_validate_json(job.entry.about["report"])
    if not await found(job, person):
        _, waiting = await job.read(lambda work: deals.count_closed(work.connection, work.team))
        await post(job, person, report_blocks(report, waiting), report_text(report))


async def _demand(request: Request) -> None:
    person = await known_person(request.desk, request.team, request.user)
    await request.read(lambda work: demand_overview(person, work.settings(), "Closed deals are"))


async def _read(job: Job, content: bytes) -> Import:
    if len(content) > MOST_BYTES:
        raise Refusal(f"It is larger than {MOST_BYTES // 1_000_000} MB. Send it in parts.")

    def known(work: Work) -> Any:
        people = people_by_word(queries.members(work))
        return partial(read_deals, people=people, segments=work.playbook().segments, zone=work.settings().zone)

    reading = await job.read(known)
    told: Import = await asyncio.to_thread(reading, content, now=job.now)  # it takes a while: clicks go on meanwhile
    return told


async def _take(job: Job, about: dict[str, str], batch: list[tuple[int, Closed]]) -> dict[str, str]:
    """Keep some deals; then count the handoffs to which they belong."""
    about = await job.commit(partial(_learn, job=job, about=about, batch=batch))
    await recount(job.desk, await job.desk.store.database.read(deals.untold))
    return about


def _learn(work: Work, job: Job, about: dict[str, str], batch: list[tuple[int, Closed]]) -> dict[str, str]:
    """Keep some deals, and how far the file is read."""
    news = Counter(deals.learn(work.connection, work.team, *(deal for _, deal in batch)))
    counts = {one.value: str(int(about.get(one, 0)) + count) for one, count in news.items()}
    return _note(work, job, about | counts | {"row": str(batch[-1][0])})


async def _conclude(job: Job, report: Report) -> None:
    person = job.entry.about["person"]
    errand = Errand(Kind.TELL_IMPORT, f"person:{person}", {"person": person, "report": report.model_dump_json()})

    def conclude(work: Work) -> None:
        _note(work, job, job.entry.about | {"told": "yes"})
        work.post([errand], job.now)

    await job.commit(conclude)


def _note(work: Work, job: Job, about: dict[str, str]) -> dict[str, str]:
    if not outbox.note(work.connection, job.entry, about):
        raise Unanswered("another worker has taken the file over")
    return about
