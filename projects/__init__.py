"""Projects, actions and pilots: how a programme is carried out, what it costs and what stands in its way."""
