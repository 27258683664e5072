"""The table of contents of the delivery: which sender does which errand."""

from bot.errands import Kind
from handlers import (
    captures,
    completion,
    conversations,
    digests,
    files,
    homes,
    imports,
    messages,
    nudges,
    spreadsheets,
)
from handlers.delivery import Sender

SENDERS: dict[str, Sender] = {
    Kind.OPEN_CHANNEL: conversations.open_channel,
    Kind.INVITE: conversations.invite,
    Kind.DESCRIBE_CHANNEL: conversations.describe,
    Kind.BOOKMARK_CARD: conversations.bookmark,
    Kind.PIN_CARD: conversations.pin,
    Kind.DRAW_MESSAGE: messages.draw,
    Kind.REDRAW_DMS: messages.redraw_dms,
    Kind.POST_LINE: messages.post_line,
    Kind.WRITE_CANVAS: files.write_canvas,
    Kind.SEND_EXPORT: files.send_export,
    Kind.SEND_FIGURES: spreadsheets.send,
    Kind.SEND_INVITATION: files.send_invitation,
    Kind.ANNOUNCE_MEETING: messages.announce,
    Kind.FILE_MESSAGE: captures.file_message,
    Kind.PUBLISH_HOME: homes.publish,
    Kind.PUT_AWAY_CHANNEL: completion.put_away,
    Kind.REMIND: nudges.remind,
    Kind.IMPORT_DEALS: imports.import_deals,
    Kind.TELL_IMPORT: imports.tell_import,
    Kind.SEND_DIGEST: digests.send,
}
