"""The first page: how the programmes stand and why, what waits for the reader, what became of the council's wishes."""
