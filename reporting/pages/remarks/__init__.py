"""The pages on which a report's remarks get their wordings."""
