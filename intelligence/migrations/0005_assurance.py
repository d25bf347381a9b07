import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_audit"),
        ("intelligence", "0004_report_received_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Assurance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("passed", "Passed"),
                            ("regraded", "Passed with another grade"),
                            ("returned", "Returned to its submitter"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField(max_length=2000)),
                (
                    "source_before",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "1 Reliable"),
                            (2, "2 Untested"),
                            (3, "3 Not reliable"),
                        ]
                    ),
                ),
                (
                    "assessment_before",
                    models.CharField(
                        choices=[
                            ("A", "A Known directly to the source"),
                            ("B", "B Known indirectly but corroborated"),
                            ("C", "C Known indirectly"),
                            ("D", "D Not known"),
                            ("E", "E Suspected to be false"),
                        ],
                        max_length=1,
                    ),
                ),
                (
                    "source_after",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "1 Reliable"),
                            (2, "2 Untested"),
                            (3, "3 Not reliable"),
                        ]
                    ),
                ),
                (
                    "assessment_after",
                    models.CharField(
                        choices=[
                            ("A", "A Known directly to the source"),
                            ("B", "B Known indirectly but corroborated"),
                            ("C", "C Known indirectly"),
                            ("D", "D Not known"),
                            ("E", "E Suspected to be false"),
                        ],
                        max_length=1,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AssuranceRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("is_required", models.BooleanField()),
                ("from_on", models.DateField()),
                ("reason", models.TextField(max_length=2000)),
                (
                    "set_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="report",
            name="state",
            field=models.CharField(
                choices=[
                    ("submitted", "Submitted"),
                    ("awaiting", "Awaiting assurance"),
                    ("returned", "Returned by assurance"),
                    ("withdrawn", "Withdrawn"),
                    ("superseded", "Superseded"),
                ],
                default="submitted",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="reportevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("submitted", "Submitted"),
                    ("awaiting", "Awaiting assurance"),
                    ("returned", "Returned by assurance"),
                    ("withdrawn", "Withdrawn"),
                    ("superseded", "Superseded"),
                ],
                default="submitted",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("state", "awaiting")),
                fields=["owner", "id"],
                name="intelligence_report_awaiting",
            ),
        ),
        migrations.AddField(
            model_name="assurance",
            name="access_class",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.accessclass",
            ),
        ),
        migrations.AddField(
            model_name="assurance",
            name="changed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assurance",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assurance",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="assurance",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assurances",
                to="intelligence.report",
            ),
        ),
        migrations.AddField(
            model_name="assurancerule",
            name="body",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="assurancerule",
            name="set_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="assurance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outcome", "regraded"),
                        models.Q(
                            ("assessment_before", models.F("assessment_after")),
                            ("source_before", models.F("source_after")),
                            _negated=True,
                        ),
                    ),
                    models.Q(
                        models.Q(("outcome", "regraded"), _negated=True),
                        ("assessment_before", models.F("assessment_after")),
                        ("source_before", models.F("source_after")),
                    ),
                    _connector="OR",
                ),
                name="intelligence_assurance_other_grade_iff_regraded",
            ),
        ),
        migrations.AddIndex(
            model_name="assurancerule",
            index=models.Index(
                fields=["body", "-from_on", "-id"],
                name="intelligenc_body_id_e65da4_idx",
            ),
        ),
    ]
