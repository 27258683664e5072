"""The form that takes a CRM's file of closed deals, and what is said of it afterwards."""

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from bot.imports import Report

_EXAMPLE = """\
customer,closed_on,id,ae
Acme GmbH,2026-11-12,006-1,email of the AE
Nordlicht AG,2026-11-19,006-2,"""


def import_view(ref: Ref) -> View:
    """Which file, and what should be in it."""
    file = kit.file_input("csv", "tsv", "txt")
    blocks = [
        kit.section(
            "Tell Baton which deals were won, so that the figures count those too that nobody started a handoff for. "
            "Export them from your CRM as CSV: *won deals only*, or all with their stage."
        ),
        kit.field_input("file", "File of closed deals", file, optional=False, hint="CSV, at most 5 MB, 20,000 rows"),
        kit.section(
            "*Columns*, in any order:\n"
            "• `customer` and `closed_on` are needed\n"
            "• `id` (of the deal in the CRM), `website` and `segment` help\n"
            "• `ae` and `csm` are email addresses as in Slack, or full names\n"
            "• where there is a `stage`, only what is won is taken\n"
            "Headers such as _Account Name_, _Close Date_, _Opportunity ID_ and _Owner Email_ are understood too."
        ),
        kit.verbatim(_EXAMPLE),
        kit.context("What a handoff says of a deal goes before. The same file twice changes nothing."),
    ]
    return kit.modal(
        "Import closed deals", blocks, callback_id=Id.DEALS_IMPORT, submit="Import", close="Cancel", metadata=ref.pack()
    )


def being_read() -> View:
    """In the place of the form, once it is sent."""
    return kit.modal("Import closed deals", [kit.section("Baton reads the file, and writes to you when it is done.")])


def report_blocks(report: Report, without_handoff: int) -> list[Block]:
    """What became of the file, to whoever sent it."""
    file = f"*{kit.in_brief(report.file, 80)}*"
    if report.problem:
        return [
            kit.section(f":warning: {file} was not imported. {kit.escape(report.problem)}"),
            kit.actions(kit.button("Try another file", Id.DEALS_IMPORT_OPEN)),
        ]
    counts = {"new": report.new, "known": report.known, "changed": report.changed, "not taken": report.not_taken}
    told = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    blocks = [kit.section(f"{file}: {_deals(report.read)} read{f': {told}' if told else ''}.")]
    if report.refused:
        lines = [f"• row {row}: {kit.in_brief(why, 200)}" for row, why in report.refused.items()]
        if more := report.not_taken - len(lines):
            lines.append(f"• and {more:,} more")
        blocks.append(kit.section("*Not taken*\n" + "\n".join(lines)))
    blocks += [kit.section(kit.escape(remark)) for remark in report.remarks]
    if not without_handoff:
        return [*blocks, kit.section("Every closed deal has a handoff.")]
    have = "has" if without_handoff == 1 else "have"
    missing = f"*{without_handoff:,} closed {'deal' if without_handoff == 1 else 'deals'}* {have} no handoff."
    return [*blocks, kit.section(missing, kit.button("Show them", Id.DEALS_OPEN))]


def report_text(report: Report) -> str:
    """The same, for the notification."""
    if report.problem:
        return kit.escape(f"{report.file} was not imported.")
    return kit.escape(f"{report.file}: {_deals(report.read)} read.")


def _deals(count: int) -> str:
    return f"{count:,} {'deal' if count == 1 else 'deals'}"
