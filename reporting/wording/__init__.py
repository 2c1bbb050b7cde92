"""The words that a report prints, and those that it still lacks."""
