"""What the API tells of schedules and reports, their files, and the words that they lack."""
