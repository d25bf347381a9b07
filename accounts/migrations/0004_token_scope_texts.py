"""What each scope of a token opens, in its own words; the table stays as it is."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_sent_form"),
    ]

    operations = [
        migrations.AlterField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        (
                            "groups:read",
                            "Read groups with their current score, nominals and memberships",
                        ),
                        ("intel:read", "Read reports"),
                        ("intel:submit", "Submit reports"),
                        (
                            "score:read",
                            "Read assessments with their reasons, and the picture",
                        ),
                    ],
                    max_length=20,
                ),
                size=None,
            ),
        ),
    ]
