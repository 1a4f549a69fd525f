"""What a probe says of the sender's domain: SPF, DKIM and DMARC."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("diagnosis", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="probe",
            name="domain_advice",
            field=models.JSONField(null=True),
        ),
    ]
