"""The report's drawings as SVG: ink on white, shape before colour, values beside their points."""
