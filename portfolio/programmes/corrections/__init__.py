"""Mending what was entered wrongly about the life of a programme."""
