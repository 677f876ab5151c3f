"""Remember when the content of a file was removed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds `removed_at`."""

    dependencies = [("files", "0001_initial")]

    operations = [
        migrations.AddField(model_name="storedfile", name="removed_at", field=models.DateTimeField(null=True)),
    ]
