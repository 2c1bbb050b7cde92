"""The strategy of a council term: what the programmes are there to serve."""
