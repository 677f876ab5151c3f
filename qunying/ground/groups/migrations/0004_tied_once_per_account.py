from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groups", "0003_account_of_a_group"), ("platforms", "0002_health_of_an_account")]

    operations = [
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(
                fields=("account", "external_id"),
                condition=models.Q(account__isnull=False),
                name="group_tied_once_per_account",
            ),
        ),
    ]
