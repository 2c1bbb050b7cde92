"""How projects get on: milestones, risks and status reports."""
