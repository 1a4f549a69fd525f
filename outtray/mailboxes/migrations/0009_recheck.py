"""When a mailbox is checked again by itself: a week after it passed."""

from __future__ import annotations

from datetime import timedelta

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def spread(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Those that have passed before get their turn over the next week, not all at once."""
    mailboxes = apps.get_model("mailboxes", "Mailbox").objects.filter(validated_at__isnull=False)
    for mailbox_id, validated_at in list(mailboxes.values_list("pk", "validated_at")):
        at = validated_at + timedelta(days=7, hours=mailbox_id.int % (24 * 7))
        mailboxes.filter(pk=mailbox_id).update(recheck_at=at)


class Migration(migrations.Migration):
    dependencies = [("mailboxes", "0008_sent_copies")]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="recheck_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="mailbox",
            index=models.Index(
                condition=models.Q(("health", "ready")),
                fields=["recheck_at"],
                name="recheck_due",
            ),
        ),
        migrations.RunPython(spread, migrations.RunPython.noop),
    ]
