"""Two roots of one name could not be told apart."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("parent", None)), fields=("name",), name="unit_name_once_at_the_top"
            ),
        ),
    ]
