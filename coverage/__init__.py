"""Jangkau: where people live too far from rehabilitation, and what to do about it.

The package is called ``coverage`` because the planner is about coverage of services; it
hides coverage.py wherever both are installed (docs/adr/0001-package-name.md).
"""

__version__ = "0.1.0"
