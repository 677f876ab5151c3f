"""What the team decided about roles, and roles of its own."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_api_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="Role",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("label", models.CharField(blank=True, default="", max_length=40)),
                ("needs_second_step", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("label", "name"),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("label"),
                        condition=models.Q(("label", ""), _negated=True),
                        name="role_label_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("permission", models.CharField(max_length=64)),
                ("held", models.BooleanField()),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="access.role"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("role", "permission"), name="role_change_once")],
            },
        ),
    ]
