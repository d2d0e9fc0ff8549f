"""See how a caregiver answers a baby, and help it go well: logger, analysis, report."""

__version__ = "0.1.0"
