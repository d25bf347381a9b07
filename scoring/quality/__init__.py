"""What is missing in the records of a place, as one reader may see them.

Each gap is a set of rows; its count and its list come from the same set, so they cannot
differ. The number of queries does not grow with the records or the places.
"""

from scoring.quality.alike import Others
from scoring.quality.asking import Ask
from scoring.quality.counting import Count, count_gaps
from scoring.quality.gaps import GAPS, WHAT_A_FACT_SAYS, Gap, Subject, missing_of

__all__ = [
    "GAPS",
    "WHAT_A_FACT_SAYS",
    "Ask",
    "Count",
    "Gap",
    "Others",
    "Subject",
    "count_gaps",
    "missing_of",
]
