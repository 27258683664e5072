"""Every id that is drawn and routed, and the reference to a handoff that rides with it."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.records import Source


class Id(StrEnum):
    """`noun.verb`; ids never carry data."""

    # forms (callback ids)
    START_SUBMIT = "start.submit"
    SECTION_SAVE = "section.save"
    ROW_SAVE = "row.save"
    SIGN_SUBMIT = "contract.sign"
    ACCEPT_SUBMIT = "review.accept"
    RETURN_SUBMIT = "review.return"
    OWNERS_SAVE = "owners.save"
    ASSIGN_SAVE = "csm.save"
    DEAL_SAVE = "deal.save"
    CANCEL_SUBMIT = "handoff.cancel"
    SETUP_SAVE = "setup.save"
    DEALS_IMPORT = "deals.import"
    TEAMS_SAVE = "teams.save"
    SNOOZE_SAVE = "deadline.snooze_until"
    WAIT_SAVE = "deadline.wait"
    REASSIGN_SAVE = "deadline.reassign"
    PREFERENCES_SAVE = "preferences.save"
    AWAY_SAVE = "away.save"
    ASK_SUBMIT = "question.ask"
    ASK_AGAIN_SUBMIT = "question.ask_again"
    ANSWER_SUBMIT = "question.answer"
    REFER_SUBMIT = "question.refer"
    VERDICT_SAVE = "promise.judge"
    PROMISE_END_SAVE = "promise.end"
    PROMISE_SAVE = "promise.change"
    ESCALATE_SUBMIT = "escalation.raise"
    DECIDE_SUBMIT = "escalation.decide"
    MEETING_SAVE = "meeting.schedule"
    HELD_SAVE = "meeting.hold"
    NO_SHOW_SAVE = "meeting.no_show"
    CALL_OFF_SAVE = "meeting.call_off"
    CONTACT_SAVE = "contact.save"
    CAPTURE_CHOOSE = "capture.choose"
    CAPTURE_SAVE = "capture.save"
    COMPLETE_SUBMIT = "completion.complete"
    FEEDBACK_SAVE = "completion.feedback"
    SURVEY_SAVE = "survey.save"
    METRICS_SHOW = "metrics.show"
    READ_ONLY = "read"

    # buttons and menus (action ids)
    CARD_MENU = "card.menu"
    START_OPEN = "start.open"
    DOCUMENT_EDIT = "document.edit"
    DOCUMENT_VIEW = "document.view"
    DOCUMENT_EXPORT = "document.export"
    SECTION_OPEN = "section.open"
    SECTION_READ = "section.read"
    ROW_ADD = "row.add"
    ROW_MENU = "row.menu"
    SIGN_OPEN = "contract.open"
    SUBMIT = "review.submit"
    ACCEPT_OPEN = "review.open_accept"
    RETURN_OPEN = "review.open_return"
    OWNERS_OPEN = "owners.open"
    ASSIGN_OPEN = "csm.open"
    WHO_OPEN = "owners.who"
    DEAL_OPEN = "deal.open"
    HISTORY_OPEN = "history.open"
    CANCEL_OPEN = "handoff.open_cancel"
    REOPEN = "handoff.reopen"
    CHANNEL_RETRY = "channel.retry"
    CHANNEL_ANEW = "channel.anew"
    LIST_PAGE = "list.page"
    DEADLINES_OPEN = "deadlines.open"
    STEP_NOTE = "step.note"
    STEP_TAKE_BACK = "step.take_back"
    SNOOZE = "deadline.snooze"
    WAIT_OPEN = "deadline.open_wait"
    RESUME = "deadline.resume"
    REASSIGN_OPEN = "deadline.open_reassign"
    CSM_ASSIGN = "csm.assign"
    PAGE_OLDER = "page.older"
    PAGE_NEWER = "page.newer"
    AWAY_END = "away.end"
    QUESTIONS_OPEN = "questions.open"
    QUESTIONS_DONE = "questions.done"
    ASK_OPEN = "question.open_ask"
    ASK_AGAIN_OPEN = "question.open_ask_again"
    ANSWER_OPEN = "question.open_answer"
    REFER_OPEN = "question.open_refer"
    PROMISES_OPEN = "promises.open"
    PROMISE_OPEN = "promise.open"
    PROMISE_KEPT = "promise.kept"
    PROMISE_REOPEN = "promise.reopen"
    PROMISE_EDIT = "promise.open_change"
    PROMISE_END_OPEN = "promise.open_end"
    VERDICT_OPEN = "promise.open_judge"
    ESCALATE_OPEN = "escalation.open_raise"
    DECIDE_OPEN = "escalation.open_decide"
    MEETINGS_OPEN = "meetings.open"
    MEETING_OPEN = "meeting.open"
    NO_SHOW_OPEN = "meeting.open_no_show"
    CALL_OFF_OPEN = "meeting.open_call_off"
    PEOPLE_OPEN = "people.open"
    INTRODUCTION_OPEN = "introduction.open"
    GOOGLE = "meeting.google"
    OUTLOOK = "meeting.outlook"
    COMPLETE_OPEN = "completion.open"
    FEEDBACK_OPEN = "completion.open_feedback"
    FEEDBACK_GOOD = "completion.all_good"
    SURVEY_OPEN = "survey.open"
    SURVEY_NOTHING = "survey.nothing"
    CHANNEL_KEEP = "channel.keep"
    OUTBOX_REVIVE = "outbox.revive"
    CAPTURE_EDIT = "capture.edit"
    CAPTURE_UNDO = "capture.undo"
    HOME_TEAM = "home.team"
    HOME_CS = "home.cs"
    HOME_SALES = "home.sales"
    HOME_ADMIN = "home.admin"
    HOME_FILTER = "home.filter"
    HOME_FIND = "home.find"
    SETUP_OPEN = "setup.open"
    DEALS_OPEN = "deals.open"
    DEALS_IMPORT_OPEN = "deals.open_import"
    DEAL_TAKE_OFF = "deal.take_off"
    TEAMS_OPEN = "teams.open"
    TEAMS_MORE = "teams.more"
    METRICS_OPEN = "metrics.open"
    FIGURE_OPEN = "figure.open"
    METRICS_CHOOSE = "metrics.choose"
    HANDOFFS_EXPORT = "metrics.export_handoffs"
    FIGURES_EXPORT = "metrics.export_figures"

    # shortcuts (callback ids, as the manifest has them)
    CAPTURE_OPEN = "capture.open"


class Ref(BaseModel):
    """What a click or a form is about; rides as JSON in `value` and `private_metadata`."""

    model_config = ConfigDict(frozen=True)

    handoff: int = 0
    section: str = ""
    field: str = ""
    row: str = ""
    is_new: bool = False  # the row is not saved yet
    revision: int = 0  # of the section, when the form was drawn
    parent: str = ""  # the view below this one, to be redrawn
    below: str = ""  # which view that is: an Id
    grandparent: str = ""  # of a row: the view below its section
    page: int = 0
    deadline: str = ""  # a deadline rule's id
    choice: str = ""  # of a menu, or what was confirmed
    question: int = 0  # its number
    source: Source | None = None  # the message that is captured
    escalation: int = 0  # its number
    meeting: str = ""  # its kind
    sequence: int = -1  # of the meeting, when the form was drawn; -1 before it had any time
    phase: int = 0  # of the fade plan, when the button was drawn
    deal: int = 0  # its id: one without a handoff
    seen: str = ""  # what the form showed, to tell what others changed meanwhile
    metric: str = ""
    period: str = ""  # of the figures, in days
    by: str = ""  # of the figures: what they are sliced by, and
    key: str = ""  # whose or what they are
    new_row: str = ""  # for what the form may add to the document: saved twice, it is one row

    @property
    def item(self) -> str:
        """The one promise or question that this is about, "" where it is the whole."""
        return self.row or self.deadline.partition(".")[2] or str(self.question or "")

    def pack(self) -> str:
        """As Slack carries it."""
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def unpack(cls, packed: str) -> "Ref":
        """From what Slack carried."""
        return cls.model_validate_json(packed or "{}")
