"""What is missing in the records of a place, as one reader may see them.

Each gap is a set of rows; its count and its list come from the same set, so they cannot
differ. The number of queries does not grow with the records or the places.
"""

from scoring.quality.counting import Count, count_gaps
from scoring.quality.gaps import GAPS, Ask, Gap, Subject, missing_of

__all__ = ["GAPS", "Ask", "Count", "Gap", "Subject", "count_gaps", "missing_of"]
