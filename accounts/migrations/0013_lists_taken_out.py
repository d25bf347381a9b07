from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_compartments_and_subjects"),
    ]

    operations = [
        migrations.AddField(
            model_name="pastedlist",
            name="taken_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="pastedlist",
            name="taken_size",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
