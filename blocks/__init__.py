"""What people see: messages, forms and documents as Slack blocks, drawn from the state of a handoff."""
