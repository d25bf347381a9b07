"""How many people live in a region, so that regions can be held side by side."""

import datetime

from django.db import connection

from scoring.picture.scopes import KINDS, PLACES

# The day of the estimates in accounts/reference/organisations.csv.
POPULATION_OF = "mid-2020"
_POPULATIONS = f"""
with places as ({PLACES})
select r.code, sum(o.population)
from places p join accounts_organisation o on o.id = p.id
join accounts_organisation r on r.id = p.region_id
group by 1 having count(o.population) > 0
"""  # noqa: S608 - both are texts of ours


def populations(day: datetime.date) -> dict[str, int]:
    """Return the population of each region on ``day``, by code. One query.

    A region is the sum of the forces placed in it; the part of the nation without a
    region has none, since agencies are in it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_POPULATIONS, {"day": day, "kinds": KINDS})
        return {code: int(number) for code, number in cursor.fetchall()}
