"""Steering groups: decided seats, their holders by date, chairs, deputies and joint events."""
