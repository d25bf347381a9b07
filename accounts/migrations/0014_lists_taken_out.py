from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_eras_and_applied_memberships"),
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
