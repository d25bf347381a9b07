"""Eras of the audit that no restore repeats, and memberships that are applied once."""

from django.db import migrations, models

FORWARD = """
-- No batch of the seal comes before era 0.
alter table accounts_auditevent
    add constraint accounts_auditevent_era check (era >= 0);

drop function accounts_begin_audit_era();
-- Begins a new era; the owner only. It waits for whoever is writing, so that all of the
-- former era is committed. Its number is at least the second in which it begins, counted
-- from 2020: a backup that is restored twice comes back with the same era, and the copy of
-- the seal knows the one that followed it the first time. `at_least` is for a wrong clock.
create function accounts_begin_audit_era(at_least integer default 0) returns integer
language plpgsql as $$
declare
    fresh integer;
begin
    lock table accounts_auditevent in access exclusive mode;
    fresh := greatest(accounts_audit_era() + 1, at_least,
        extract(epoch from clock_timestamp() - timestamptz '2020-01-01 00:00+00')::integer);
    execute format('alter table accounts_auditevent alter column era set default %s', fresh);
    return fresh;
end $$;
"""

BACKWARD = """
drop function accounts_begin_audit_era(integer);
create function accounts_begin_audit_era() returns integer language plpgsql as $$
declare
    fresh integer;
begin
    lock table accounts_auditevent in access exclusive mode;
    fresh := accounts_audit_era() + 1;
    execute format('alter table accounts_auditevent alter column era set default %s', fresh);
    return fresh;
end $$;
alter table accounts_auditevent drop constraint accounts_auditevent_era;
"""
# What was approved so far was applied in the same transaction.
APPLIED = """
update accounts_membershipproposal set applied_at = decided_at where state = 'approved';
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_compartments_and_subjects")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddField(
            model_name="membershipproposal",
            name="applied_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(APPLIED, migrations.RunSQL.noop),
    ]
