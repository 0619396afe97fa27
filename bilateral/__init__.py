"""A two-sided record of the relations of two states."""

__version__ = "0.1.0"
