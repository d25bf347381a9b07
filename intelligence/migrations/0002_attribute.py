"""The catalogue of attributes, for forms and for the checks of claims."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intelligence", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attribute",
            fields=[
                (
                    "key",
                    models.CharField(max_length=60, primary_key=True, serialize=False),
                ),
                ("title", models.CharField(max_length=80)),
                ("meaning", models.CharField(max_length=200)),
                ("position", models.PositiveSmallIntegerField(unique=True)),
            ],
            options={
                "ordering": ["position"],
            },
        ),
    ]
