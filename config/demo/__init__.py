"""The demonstration: a city's data, a play of dated steps, and how it calls itself. Nothing imports this."""
