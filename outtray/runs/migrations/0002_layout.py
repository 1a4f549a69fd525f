"""RunRow knows the layout that its document would be set in."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runs", "0001_initial")]

    operations = [
        migrations.AddField("runrow", "layout", models.UUIDField(null=True)),
    ]
