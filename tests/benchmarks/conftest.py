"""Fixtures that benchmarks share with the tests they measure."""

from tests.portfolio.history.conftest import owner

__all__ = ["owner"]
