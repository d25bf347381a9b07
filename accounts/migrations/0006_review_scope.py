"""A scope of a token for reviews and legal holds; the table stays as it is."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_write_scopes"),
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
                        (
                            "groups:write",
                            (
                                "Change groups and memberships, and transfer groups, "
                                "as the account may"
                            ),
                        ),
                        ("intel:read", "Read reports"),
                        ("intel:submit", "Submit reports"),
                        (
                            "intel:decide",
                            "Withdraw reports, and assure them, as the account may",
                        ),
                        (
                            "records:review",
                            (
                                "See reviews that fell due, and set legal holds, "
                                "as the account may"
                            ),
                        ),
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
