"""The money of projects and programmes, by source and year."""
