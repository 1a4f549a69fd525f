"""Copies that still have to be put into a mailbox's Sent folder."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mailboxes", "0008_sent_copies"), ("outbox", "0006_fewer_indexes")]

    operations = [
        migrations.CreateModel(
            name="SentCopy",
            fields=[
                (
                    "email",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sent_copy",
                        serialize=False,
                        to="outbox.email",
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "mailbox",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sent_copies",
                        to="mailboxes.mailbox",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "sent copies",
                "indexes": [models.Index(fields=["due_at"], name="copy_due")],
            },
        ),
    ]
