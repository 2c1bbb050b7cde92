"""What the API tells of schedules and reports, their files, and the words that they lack."""

IN_SCHEMA = "Reporting"  # what the names of its inputs begin with
