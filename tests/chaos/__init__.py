"""Chaos: people work while Baton is killed at random moments and Slack stumbles; nothing may be lost or done twice."""
