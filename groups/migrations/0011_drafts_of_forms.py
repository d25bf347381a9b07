from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groups", "0010_moderation")]

    operations = [
        migrations.AlterField(
            model_name="entrydraft",
            name="kind",
            field=models.CharField(
                choices=[
                    ("group", "Group"),
                    ("report", "Report"),
                    ("person", "Person"),
                ],
                max_length=10,
            ),
        ),
    ]
