"""Remember the moments that were laid before colleagues."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platforms", "0002_health_of_an_account"), ("wecom", "0001_remember_what_wecom_tells")]

    operations = [
        migrations.CreateModel(
            name="Moment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.CharField(max_length=64)),
                ("number", models.CharField(blank=True, default="", max_length=64)),
                ("made_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="platforms.account"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "job"), name="wecom_moment_once")],
            },
        ),
    ]
