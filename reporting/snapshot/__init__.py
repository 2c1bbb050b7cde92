"""What was known at a cut, taken as facts and kept."""
