from django.db import migrations, models
from django.db.models import F, Q


def fill(apps, schema_editor):
    paused = apps.get_model("mailboxes", "Mailbox").objects.filter(health="paused")
    paused.update(paused_at=F("changed_at"))


class Migration(migrations.Migration):
    dependencies = [("mailboxes", "0003_even_pace")]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="paused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="mailbox",
            index=models.Index(
                name="pause_to_tell",
                fields=["paused_at"],
                condition=Q(health="paused", pause_told_at__isnull=True),
            ),
        ),
    ]
