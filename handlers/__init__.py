"""The doors: Slack's requests, the clock, the delivery. Each translates, asks a rule, records and answers."""
