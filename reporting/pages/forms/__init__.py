"""A page with a form for every move that a room declares: made from the declaration, carried out by the command."""
