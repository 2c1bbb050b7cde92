"""When the council is reported to."""
