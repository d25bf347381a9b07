"""Reports can be found by the words of their text, and by their owner's reference."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intelligence", "0006_import_jobs")]

    operations = [
        migrations.RunSQL(
            "create index intelligence_report_words on intelligence_report "
            "using gin (to_tsvector('english'::regconfig, text))",
            "drop index if exists intelligence_report_words",
        ),
        migrations.RunSQL(
            "create index intelligence_report_urn on intelligence_report "
            "(upper(owner_reference))",
            "drop index if exists intelligence_report_urn",
        ),
    ]
