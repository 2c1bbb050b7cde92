"""What was changed, as pages tell it."""
