"""What a report shows when it is cut another way: by week, by hour, by cue, by caregiver; and what changed.

Pure functions of a Report. Every figure comes from a real index or a real estimator, run on the part that is
asked about; nothing is averaged from figures of smaller parts.
"""

from typing import Final

from caregiving.instruments import ClassName

# The comparisons of a report are chosen beforehand, so that nobody goes looking for one that stands out.
COMPARED: Final[tuple[ClassName, ...]] = ("distress", "request", "social")
