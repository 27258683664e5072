"""The forms that put a deadline off, or give it to somebody else."""

from datetime import date, datetime

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import View
from bot.nudges import Watch


def _title(watch: Watch) -> str:
    return f"*{kit.escape(watch.rule.label)}* · *{kit.escape(watch.handoff.customer)}*"


def snooze_view(ref: Ref, watch: Watch, suggested: datetime) -> View:
    """Until when?"""
    blocks = [
        kit.section(f"{_title(watch)}\nNo reminder until then. The deadline stays where it is."),
        kit.field_input("until", "Remind me", kit.moment_input(suggested), optional=False),
    ]
    return kit.modal("Snooze", blocks, callback_id=Id.SNOOZE_SAVE, submit="Snooze", close="Cancel", metadata=ref.pack())


def wait_view(ref: Ref, watch: Watch, suggested: date) -> View:
    """What is waited for, and when to look again?"""
    blocks = [
        kit.section(f"{_title(watch)}\nThe clock stands still while the customer is the one being waited for."),
        kit.field_input("reason", "What are you waiting for?", kit.text_input(max_length=500), optional=False),
        kit.field_input(
            "look_again",
            "Look again on",
            kit.date_input(suggested.isoformat()),
            optional=False,
            hint="That morning, or the next working one, Baton asks again",
        ),
    ]
    title = "Waiting on customer"
    return kit.modal(title, blocks, callback_id=Id.WAIT_SAVE, submit="Wait", close="Cancel", metadata=ref.pack())


def reassign_view(ref: Ref, watch: Watch, whole: str) -> View:
    """Whose is it? `whole`: the part that a new owner takes over with it, "" for this step alone."""
    what = f"Whoever you name becomes the {whole} of this handoff." if whole else "Whoever you name takes this step."
    blocks = [
        kit.section(f"{_title(watch)}\n{what}"),
        kit.field_input("to", "Who should do it?", kit.person_select(), optional=False),
    ]
    return kit.modal(
        "Give it to somebody",
        blocks,
        callback_id=Id.REASSIGN_SAVE,
        submit="Pass it on",
        close="Cancel",
        metadata=ref.pack(),
    )
