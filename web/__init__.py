"""The doors on the web: Slack's signed requests and the health check."""
