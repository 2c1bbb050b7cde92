"""The reports to the council: each from collecting to noted."""
