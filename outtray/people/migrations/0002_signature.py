"""A signature of each person, for the letters written by hand."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField(
            "membership",
            "signature_html",
            models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
