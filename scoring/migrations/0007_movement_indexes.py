from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0006_receipts_of_the_unassured")]

    operations = [
        migrations.AddIndex(
            model_name="pictureline",
            index=models.Index(fields=["valid_from"], name="scoring_pictureline_began"),
        ),
        migrations.AddIndex(
            model_name="pictureline",
            index=models.Index(
                condition=models.Q(("valid_to__isnull", False)),
                fields=["valid_to"],
                name="scoring_pictureline_ended",
            ),
        ),
    ]
