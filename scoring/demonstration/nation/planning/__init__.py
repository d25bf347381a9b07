"""What the synthetic nation consists of, step by step. Pure: no clock, no database.

The numbers that it is calibrated by are suggestions of the project's own, beside the
published figures that they stand on; docs/demo.md lists them.
"""

from scoring.demonstration.nation.planning.country import Country, read_country
from scoring.demonstration.nation.planning.nation import Nation, Step, plan_step
from scoring.demonstration.nation.planning.tables import TABLES, Kind, Rows, Table

__all__ = [
    "TABLES",
    "Country",
    "Kind",
    "Nation",
    "Rows",
    "Step",
    "Table",
    "plan_step",
    "read_country",
]
