"""Mending what was entered wrongly about the lives of projects and pilots."""
