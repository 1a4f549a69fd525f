import django.db.models.deletion
from django.db import migrations, models

import outtray.documents.layouts
import outtray.lib.ids


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0003_parties'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Layout',
            fields=[
                ('id', models.UUIDField(default=outtray.lib.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('design', models.CharField(choices=[('classic', 'Classic'), ('modern', 'Modern')], default='classic', max_length=10)),
                ('font', models.CharField(default='Inter', max_length=30)),
                ('colour', models.CharField(blank=True, max_length=7)),
                ('paper', models.CharField(blank=True, choices=[('a4', 'A4'), ('us-letter', 'Letter')], max_length=10)),
                ('logo', models.CharField(blank=True, max_length=64)),
                ('logo_format', models.CharField(blank=True, max_length=4)),
                ('shows_logo', models.BooleanField(default=True)),
                ('columns', models.JSONField(default=dict)),
                ('texts', models.JSONField(default=dict)),
                ('footer', models.JSONField(default=outtray.documents.layouts.whole_footer)),
                ('is_default', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='layouts', to='people.company')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'name'), name='layout_name_once'), models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('company',), name='one_default_layout')],
            },
        ),
    ]
