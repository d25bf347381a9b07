"""Groups may be proposed to be their owner's alone again; old rows told too much."""

from django.db import migrations, models

STEP = models.CharField(
    choices=[
        ("wider", "Wider sharing"),
        ("own_only", "My organisation only"),
        ("again", "My organisation only, again"),
    ],
    max_length=8,
)
# A proposal bears each compartment that it names. What waits belongs to who owns the
# group now. On a new database there are no rows, and no functions yet.
REPAIR = """
do $$
begin
    if exists (select from intelligence_sharingchange) then
        update intelligence_sharingchange s set access_class_id = accounts_join_class(
            s.access_class_id, accounts_intern_class(array(
                select t.id::int from accounts_accessclass c
                join accounts_tag t on t.id = any(c.requires)
                where c.id = s.to_class_id and t.kind = 'compartment'), 1))
        where s.step = 'wider';
        update intelligence_sharingchange s set owner_id = g.owner_id
        from groups_crimegroup g
        where g.id = s.group_id and g.owner_id <> s.owner_id and s.state = 'proposed';
    end if;
    update intelligence_sightmatch m set owner_id = g.owner_id
    from groups_crimegroup g
    where g.id = m.group_id and g.owner_id <> m.owner_id and m.state = 'waiting';
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_compartments_and_subjects"),
        ("intelligence", "0010_retention"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="sharingchange",
            name="intelligence_sharingchange_own_only_until",
        ),
        migrations.AlterField(
            model_name="sharingchange", name="step", field=STEP.clone()
        ),
        migrations.AlterField(
            model_name="sharingchangeevent", name="step", field=STEP.clone()
        ),
        migrations.AddConstraint(
            model_name="sharingchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("step", "own_only"), ("until_on__isnull", False))
                | models.Q(
                    ("step__in", ["wider", "again"]), ("until_on__isnull", True)
                ),
                name="intelligence_sharingchange_own_only_until",
                violation_error_message="Sharing with nobody else ends on a day.",
            ),
        ),
        migrations.RunSQL(REPAIR, migrations.RunSQL.noop, elidable=True),
    ]
