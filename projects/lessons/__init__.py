"""Lessons: what a project or a pilot taught, for those who come after."""
