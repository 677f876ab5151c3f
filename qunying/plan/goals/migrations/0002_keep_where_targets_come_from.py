from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("goals", "0001_initial"),)

    operations = (
        migrations.AddField(
            model_name="goal",
            name="source",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
    )
