from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0005_line_periods"),
    ]

    operations = [
        migrations.AlterField(
            model_name="receipt",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "Queued"),
                    ("included", "Included"),
                    ("set_aside", "Set aside"),
                    ("awaiting", "Awaiting assurance"),
                    ("returned", "Returned by assurance"),
                ],
                default="queued",
                max_length=9,
            ),
        ),
    ]
