"""The catalogue of attributes; a claim about anything else is refused."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intelligence', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attribute',
            fields=[
                ('key', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=80)),
                ('meaning', models.CharField(max_length=200)),
                ('position', models.PositiveSmallIntegerField(unique=True)),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.RunSQL(
            """
            alter table intelligence_attributeclaim
                add constraint intelligence_attributeclaim_attribute_known
                foreign key (attribute) references intelligence_attribute (key)
            """,
            """
            alter table intelligence_attributeclaim
                drop constraint intelligence_attributeclaim_attribute_known
            """,
        ),
    ]
