"""Keep what was set for a run beside its columns."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Schema only."""

    dependencies = [("imports", "0001_initial")]

    operations = [
        migrations.AddField("columnmapping", "options", models.JSONField(default=dict)),
        migrations.AddField("importrun", "options", models.JSONField(default=dict)),
    ]
