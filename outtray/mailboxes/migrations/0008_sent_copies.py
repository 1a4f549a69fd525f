"""Whether a copy of what is sent is put into the Sent folder."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mailboxes", "0007_oauth")]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="keep_sent_copy",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="seen_to_file",
            field=models.BooleanField(null=True),
        ),
    ]
