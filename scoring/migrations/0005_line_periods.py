"""A line of one label and scheme never overlaps another of its group."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

# What was raised before this was kept track of: of two lines that overlap, the closed
# and older one yields.
_MARK_RAISED = """
update scoring_pictureline l set is_raised = true, rank = l.rank - 1
where l.valid_to is not null and exists (
    select from scoring_pictureline o
    where o.group_id = l.group_id and o.access_class_id = l.access_class_id
      and o.scheme_version_id = l.scheme_version_id and o.id > l.id
      and tstzrange(o.valid_from, o.valid_to) && tstzrange(l.valid_from, l.valid_to))
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0004_live_heads")]

    operations = [
        migrations.AddField(
            model_name="pictureline",
            name="is_raised",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(_MARK_RAISED, migrations.RunSQL.noop, elidable=True),
        migrations.AddConstraint(
            model_name="pictureline",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("is_raised", False)),
                expressions=[
                    ("group", "="),
                    ("access_class", "="),
                    ("scheme_version", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_to"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="scoring_pictureline_no_overlap",
            ),
        ),
    ]
