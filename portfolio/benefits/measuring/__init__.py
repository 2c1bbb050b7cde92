"""Indicators, what is planned for them and what they have measured."""
