"""Completing a handoff: what is missing, what becomes of its channel, and what the CSM thinks of it a month later."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.escalations import open_escalations
from bot.events import BATON, Event
from bot.facts import has
from bot.handoffs import Handoff, Stage
from bot.playbook import Kind, Playbook, PlaybookField
from bot.questions import open_questions
from bot.records import Completion, Feedback
from bot.refusals import Refusal, refuse_fields
from bot.teams import ChannelEnd, Team
from bot.timing import Fact
from bot.values import read

WORDS = PlaybookField(id="words", label="In your words", kind=Kind.LONG_TEXT)
DONE = "done-"  # how a channel that is put away begins
_WARNING = timedelta(days=3)  # before a channel is put away
_LATENESS = timedelta(hours=1)  # of a warning: no channel waits another day for it


class Gap(StrEnum):
    """What a handoff still lacks before it is completed."""

    REVIEW = "review"
    INTERNAL_MEETING = "internal_meeting"
    INTRODUCTION = "introduction"
    CONTACT = "contact"
    FADE = "fade"
    QUESTIONS = "questions"
    ESCALATIONS = "escalations"

    @property
    def words(self) -> str:
        """What people read."""
        return _WORDS[self]


_WORDS = {
    Gap.REVIEW: "CS has not accepted the document yet.",
    Gap.INTERNAL_MEETING: "The internal handoff meeting was not held yet.",
    Gap.INTRODUCTION: "The customer has not met the CSM yet: the introduction is not done.",
    Gap.CONTACT: "CS has not contacted the customer yet.",
    Gap.FADE: "The fade plan is not over: the AE is still on call, or nobody has noted the end of its last phase.",
    Gap.QUESTIONS: "Questions wait for an answer.",
    Gap.ESCALATIONS: "Something that was escalated waits for a decision.",
}
_STEPS = {
    Gap.REVIEW: Fact.ACCEPTED,
    Gap.INTERNAL_MEETING: Fact.INTERNAL_MEETING_HELD,
    Gap.INTRODUCTION: Fact.INTRODUCTION_DONE,
    Gap.CONTACT: Fact.FIRST_CONTACT,
    Gap.FADE: Fact.FADED,
}


class HandoffCompleted(Event):
    """The customer is with CS for good; some day later, perhaps, the channel goes."""

    channel: ChannelEnd = ChannelEnd.KEEP
    channel_at: datetime | None = None

    @property
    def warned_at(self) -> datetime | None:
        """When the channel hears of it: some days before, and never before the completion."""
        return self.channel_at and max(self.at, self.channel_at - _WARNING)

    def change(self, handoff: Handoff) -> Handoff:
        """Completed."""
        warning = self.channel_at - self.warned_at if self.channel_at and self.warned_at else timedelta()
        plan = {"channel": self.channel, "channel_at": self.channel_at, "warning": warning}
        completion = Completion.model_validate({"by": self.by, "at": self.at, **plan})
        return handoff.model_copy(update={"stage": Stage.COMPLETED, "completion": completion})


class ChannelPutOff(Event):
    """Baton was away when the channel should have been warned: it goes later, with all of its warning."""

    channel_at: datetime

    def change(self, handoff: Handoff) -> Handoff:
        """With the channel until then."""
        return _with_channel(handoff, channel_at=self.channel_at)


class ChannelKept(Event):
    """Somebody wants to keep the channel as it is."""

    def change(self, handoff: Handoff) -> Handoff:
        """With nothing planned for its channel."""
        return _with_channel(handoff, channel=ChannelEnd.KEEP)


class ChannelPutAway(Event):
    """Baton archived the channel, or renamed it to `name`."""

    name: str = ""

    def change(self, handoff: Handoff) -> Handoff:
        """With its channel as it is now."""
        news = {"name": self.name} if self.name else {"trouble": "is_archived"}
        return _with_channel(handoff.model_copy(update={"channel": handoff.channel.model_copy(update=news)}))


class FeedbackGiven(Event):
    """The CSM said which sections turned out incomplete or untrue; none of them: all was there and true."""

    missing: tuple[str, ...] = ()
    untrue: tuple[str, ...] = ()
    words: str = ""

    def change(self, handoff: Handoff) -> Handoff:
        """With what the CSM said."""
        said = Feedback(missing=self.missing, untrue=self.untrue, words=self.words, by=self.by, at=self.at)
        return handoff.model_copy(update={"feedback": said})


def _with_channel(handoff: Handoff, **news: ChannelEnd | datetime | None) -> Handoff:
    if handoff.completion is None:
        return handoff
    completion = handoff.completion.model_copy(update={"channel_at": None, **news})
    return handoff.model_copy(update={"completion": completion})


# -- completing


def gaps(handoff: Handoff, playbook: Playbook) -> list[Gap]:
    """What the practice asks for and is not done yet. Open promises are no gap: they go on until each is closed."""
    practised = playbook.facts() | {Fact.ACCEPTED}
    lacking = [gap for gap, fact in _STEPS.items() if fact in practised and not has(fact, handoff, playbook)]
    lacking += [Gap.QUESTIONS] if open_questions(handoff) else []
    return lacking + ([Gap.ESCALATIONS] if open_escalations(handoff) else [])


def refuse_unless_completable(handoff: Handoff) -> None:
    """Neither cancelled nor completed."""
    if handoff.stage is Stage.CANCELLED:
        raise Refusal("This handoff is cancelled. Reopen it to go on.")
    if handoff.completion:
        raise Refusal(f"<@{handoff.completion.by}> has completed this handoff already.")


def complete(handoff: Handoff, playbook: Playbook, team: Team, *, by: str, now: datetime) -> HandoffCompleted:
    """The handoff is over; its channel goes as the workspace has settled."""
    refuse_unless_completable(handoff)
    if lacking := gaps(handoff, playbook):
        raise Refusal("This handoff cannot be completed yet. " + " ".join(gap.words for gap in lacking))
    if team.channel_end is ChannelEnd.KEEP:
        return HandoffCompleted(by=by, at=now)
    channel_at = now + timedelta(days=team.channel_days)
    return HandoffCompleted(by=by, at=now, channel=team.channel_end, channel_at=channel_at)


def put_off(done: Completion, warned_at: datetime | None, *, now: datetime) -> ChannelPutOff | None:
    """The channel goes later, unless it has stood warned for as long as was promised; `warned_at`: since when it is."""
    gone_at = (warned_at or now) + done.warning
    return ChannelPutOff(by=BATON, at=now, channel_at=gone_at) if gone_at - now > _LATENESS else None


def keep_channel(handoff: Handoff, *, by: str, now: datetime) -> ChannelKept:
    """The channel stays as it is."""
    completion = handoff.completion
    if completion is None or completion.channel is ChannelEnd.KEEP:
        raise Refusal("Nothing is planned for this channel: it stays as it is.")
    if completion.channel_at is None:
        raise Refusal("This is done already. Rename or unarchive the channel in Slack: Baton leaves it so.")
    return ChannelKept(by=by, at=now)


# -- looking back


def refuse_unless_assessable(handoff: Handoff) -> None:
    """It is completed, and nobody has said yet how the document was."""
    if handoff.completion is None:
        raise Refusal("This comes when the handoff is completed.")
    if handoff.feedback:
        raise Refusal(f"<@{handoff.feedback.by}> has said this already: see History.")


def all_good(handoff: Handoff, *, by: str, now: datetime) -> FeedbackGiven:
    """Nothing was missing, nothing untrue."""
    refuse_unless_assessable(handoff)
    return FeedbackGiven(by=by, at=now, missing=(), untrue=(), words="")


def give_feedback(
    handoff: Handoff,
    playbook: Playbook,
    missing: tuple[str, ...],
    untrue: tuple[str, ...],
    words: str,
    *,
    by: str,
    now: datetime,
) -> FeedbackGiven:
    """Say which sections were incomplete or untrue, in words too."""
    refuse_unless_assessable(handoff)
    words, problems = read(WORDS, words), {}
    if strange := {*missing, *untrue} - {section.id for section in playbook.sections}:
        problems["missing"] = f"There is no section {', '.join(sorted(strange))}."
    if not words:
        some = "Say what it was, so that the next document has it."
        problems["words"] = (
            some if missing or untrue else "Say what it was; or, in a word, that all was there and true."
        )
    refuse_fields(problems)
    return FeedbackGiven(by=by, at=now, missing=missing, untrue=untrue, words=words)
