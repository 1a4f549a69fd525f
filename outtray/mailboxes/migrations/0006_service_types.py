"""Exchange and Email Services beside Web Mail."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mailboxes", "0005_able_since")]

    operations = [
        migrations.AlterField(
            model_name="mailbox",
            name="service_type",
            field=models.CharField(
                choices=[
                    ("web_mail", "Web Mail"),
                    ("exchange", "Exchange"),
                    ("email_services", "Email Services"),
                ],
                default="web_mail",
                max_length=20,
            ),
        ),
    ]
