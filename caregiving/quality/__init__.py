"""How good a record is to compute from: rounding, prompts, ways of watching, first days, clocks, corrections.

Everything here is about the record, nothing about those who kept it.
"""

from caregiving.quality.whole import Hour, Quality, build_quality

__all__ = ["Hour", "Quality", "build_quality"]
