"""Two more reasons to keep an email back: its run is paused, its document has changed."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0007_sent_copies"),
    ]

    operations = [
        migrations.AlterField(
            model_name="email",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "It is due"),
                    ("undo", "It can still be undone"),
                    ("scheduled", "It is scheduled"),
                    ("retry", "It is tried again later"),
                    ("pace", "The mailbox keeps to its pace"),
                    ("mailbox", "The mailbox cannot send now"),
                    ("person", "A person holds it"),
                    ("run", "Its run is paused"),
                    ("changed", "Its document has changed"),
                ],
                max_length=10,
            ),
        ),
    ]
