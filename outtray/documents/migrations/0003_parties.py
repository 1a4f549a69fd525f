import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _copy_addresses(apps, _):
    """Give documents their own copies of the addresses that were looked up at the party."""
    documents = apps.get_model("documents", "Document").objects.select_related("party")
    with_addresses = documents.exclude(party__bill_to_email="", party__ship_to_email="")
    for document in with_addresses.iterator(500):
        for place in ("bill_to", "ship_to"):
            own = document.data.get(place) or {}
            if not own.get("email"):
                email = getattr(document.party, f"{place}_email")
                document.data[place] = {**own, "email": email}
        document.save(update_fields=["data"])


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0002_status'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='party',
            name='bill_to_address',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='party',
            name='excluded',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='party',
            name='ship_to_address',
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name='PartyEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('code', models.CharField(max_length=40)),
                ('detail', models.JSONField(default=dict)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='documents.party')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.RunPython(_copy_addresses, migrations.RunPython.noop),
    ]
