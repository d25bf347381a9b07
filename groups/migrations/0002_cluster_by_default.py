"""Let the database make each new nominal's cluster: nobody needs to write clusters."""

import django.db.models.deletion
from django.db import migrations, models

NEW_CLUSTER = """
create or replace function groups_new_cluster() returns bigint
language sql volatile security definer set search_path = public, pg_temp as $$
    insert into groups_identitycluster default values returning id
$$
"""


class Migration(migrations.Migration):
    dependencies = [("groups", "0001_initial")]

    operations = [
        migrations.RunSQL(NEW_CLUSTER, "drop function groups_new_cluster()"),
        migrations.AlterField(
            model_name="nominal",
            name="cluster",
            field=models.ForeignKey(
                db_default=models.Func(function="groups_new_cluster"),
                on_delete=django.db.models.deletion.PROTECT,
                related_name="nominals",
                to="groups.identitycluster",
            ),
        ),
        migrations.AlterField(
            model_name="nominalevent",
            name="cluster",
            field=models.ForeignKey(
                db_constraint=False,
                db_default=models.Func(function="groups_new_cluster"),
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="groups.identitycluster",
            ),
        ),
    ]
