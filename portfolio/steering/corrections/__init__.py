"""Mending what was entered wrongly about who sat in a steering group and who led it."""
