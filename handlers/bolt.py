"""The Bolt app that every request passes through: acknowledged after the work is durable, never before."""

import logging
from collections.abc import Callable

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from handlers.requests import Desk
from handlers.routes import listen


def bolt_app(desk: Desk, bot_user: Callable[[], str]) -> AsyncApp:
    """Bolt with Baton's doors. `bot_user`: Baton's own user id, "" until Slack has told it."""

    async def authorize(team_id: str | None) -> AuthorizeResult:  # by name: Bolt looks at the arguments
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_user_id=bot_user())

    app = AsyncApp(
        client=desk.client,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,  # these three are web/slack.py's
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )
    listen(app, desk)
    return app
