"""Benefit targets, their indicators and what the indicators have measured."""
