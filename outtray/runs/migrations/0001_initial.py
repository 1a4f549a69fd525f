"""Run and RunRow."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import outtray.lib.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0002_status"),
        ("mailboxes", "0009_recheck"),
        ("outbox", "0008_reasons"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=outtray.lib.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("selection", models.JSONField(default=dict)),
                ("wishes", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("previewing", "Being looked through"),
                            ("ready", "Ready to start"),
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("stopped", "Stopped"),
                            ("undone", "Undone"),
                            ("done", "All emails made"),
                        ],
                        default="previewing",
                        max_length=10,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("undo_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "deed",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Nothing"),
                            ("hold", "Put on hold"),
                            ("release", "Release"),
                            ("cancel", "Cancel"),
                        ],
                        max_length=10,
                    ),
                ),
                ("deed_after", models.PositiveIntegerField(default=0)),
                ("documents", models.PositiveIntegerField(default=0)),
                ("examined", models.PositiveIntegerField(default=0)),
                ("letters", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
                ("accepted", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("letter_bytes", models.PositiveIntegerField(default=0)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="people.company",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RunRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("bundle", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "Not looked at yet"),
                            ("waiting", "Waiting"),
                            ("skipped", "Skipped"),
                            ("accepted", "In the Email Queue"),
                            ("failed", "Not possible"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=40)),
                ("detail", models.CharField(blank=True, max_length=500)),
                ("recipients", models.JSONField(default=list)),
                ("claim_token", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="run_rows",
                        to="documents.document",
                    ),
                ),
                (
                    "email",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="run_rows",
                        to="outbox.email",
                    ),
                ),
                (
                    "mailbox",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="mailboxes.mailbox",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="runs.run",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["company", "-id"], name="run_newest"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ("previewing", "running")),
                    models.Q(("deed", ""), _negated=True),
                    _connector="OR",
                ),
                fields=["state"],
                name="run_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["previewing", "ready", "running", "paused", "stopped", "undone", "done"],
                    )
                ),
                name="run_state_known",
            ),
        ),
        migrations.AddIndex(
            model_name="runrow",
            index=models.Index(fields=["run", "state", "bundle"], name="run_row_next"),
        ),
        migrations.AddIndex(
            model_name="runrow",
            index=models.Index(
                condition=models.Q(("email__isnull", False)), fields=["email"], name="run_row_email"
            ),
        ),
        migrations.AddConstraint(
            model_name="runrow",
            constraint=models.UniqueConstraint(
                fields=("run", "position"), name="run_position_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="runrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["new", "waiting", "skipped", "accepted", "failed"])
                ),
                name="run_row_state_known",
            ),
        ),
    ]
