"""Schedules, snapshots, findings, renditions and publications: what the city tells its council, and when."""
