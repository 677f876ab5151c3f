from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platforms", "0001_initial")]

    operations = [
        migrations.AddField(model_name="account", name="checked_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="account", name="checks", field=models.JSONField(default=list)),
    ]
