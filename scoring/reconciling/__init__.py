"""Recompute everything by another path than the drain, and name every difference.

It shares only the pure engine and the definitions of labels with the drain: rows come
through models, readers through `accounts.access`, labels straight from the definition
for each reader. A silent fault of the drain would have to be made twice.
"""

from scoring.reconciling.checking import Outcome, reconcile
from scoring.reconciling.differences import Difference

__all__ = ["Difference", "Outcome", "reconcile"]
