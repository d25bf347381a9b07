"""Eras and an index of transactions in the audit, and the checkpoints that seal it."""

from django.db import migrations, models

FORWARD = """
-- What stands already is of era 0, which is closed; what is written from now on of era 1.
alter table accounts_auditevent add column era integer not null default 0;
alter table accounts_auditevent alter column era set default 1;
create index accounts_auditevent_sealing on accounts_auditevent (era, tx);

-- The era that new rows get. It stands in the catalogue, so that it costs a row nothing.
create function accounts_audit_era() returns integer language sql stable as $$
    select (regexp_match(pg_get_expr(d.adbin, d.adrelid), '[0-9]+'))[1]::integer
    from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
    where d.adrelid = 'accounts_auditevent'::regclass and a.attname = 'era'
$$;

-- Begins a new era; the owner only. It waits for whoever is writing, so that all of the
-- former era is committed: needed where transactions are numbered anew, as after a restore.
create function accounts_begin_audit_era() returns integer language plpgsql as $$
declare
    fresh integer;
begin
    lock table accounts_auditevent in access exclusive mode;
    fresh := accounts_audit_era() + 1;
    execute format('alter table accounts_auditevent alter column era set default %s', fresh);
    return fresh;
end $$;
"""

BACKWARD = """
drop function accounts_begin_audit_era();
drop function accounts_audit_era();
drop index accounts_auditevent_sealing;
alter table accounts_auditevent drop column era;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_band_scope")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.CreateModel(
            name="AuditCheckpoint",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("from_era", models.IntegerField()),
                ("from_tx", models.BigIntegerField()),
                ("to_era", models.IntegerField()),
                ("to_tx", models.BigIntegerField()),
                ("now_era", models.IntegerField()),
                ("next_tx", models.BigIntegerField()),
                ("row_count", models.IntegerField()),
                ("rows_digest", models.CharField(max_length=64)),
                ("previous_digest", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
                ("leaves", models.BinaryField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["to_era", "to_tx"], name="accounts_checkpoint_to"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["previous_digest"], name="accounts_checkpoint_one_chain"
                    )
                ],
            },
        ),
    ]
