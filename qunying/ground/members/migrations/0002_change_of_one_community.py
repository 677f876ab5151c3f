"""A change of people may concern one community: the figures of the others still hold."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="dimensionchange",
            name="community_id",
            field=models.PositiveBigIntegerField(db_index=True, null=True),
        ),
    ]
