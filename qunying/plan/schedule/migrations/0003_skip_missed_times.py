from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Times of work that comes round again may be skipped: dropped, and yet counted as not done."""

    dependencies = (("schedule", "0002_work_of_playbooks"),)

    operations = (
        migrations.AddField("workitem", "skipped", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "workitem",
            models.CheckConstraint(
                condition=models.Q(skipped=False) | models.Q(dropped_at__isnull=False),
                name="work_skipped_is_dropped",
            ),
        ),
    )
