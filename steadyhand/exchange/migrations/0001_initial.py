import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DemoLoad",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("loaded_at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                ("founded", models.BooleanField(default=False)),
                ("first_event", models.BigIntegerField(default=0)),
                ("last_event", models.BigIntegerField(default=0)),
                ("made", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="only_one_demo")],
            },
        ),
        migrations.CreateModel(
            name="ExternalRef",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=20)),
                ("external_id", models.CharField(max_length=300)),
                ("subject_id", models.BigIntegerField()),
                ("seen", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "subject_id"], name="reference_of_subject")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "kind", "external_id"), name="one_subject_a_reference"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "waiting for its columns"),
                            ("checking", "being checked"),
                            ("checked", "checked, nothing written yet"),
                            ("applying", "being imported"),
                            ("applied", "imported"),
                            ("undoing", "being undone"),
                            ("undone", "undone"),
                            ("failed", "refused"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                (
                    "amount_basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("monthly", "a month's fee"),
                            ("yearly", "a year's fee"),
                            ("project", "a project's total"),
                        ],
                        max_length=8,
                    ),
                ),
                ("batch", models.UUIDField(unique=True)),
                ("by_member_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=200)),
                ("asked_member_id", models.BigIntegerField(null=True)),
                ("asked_name", models.CharField(max_length=200)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("notices", models.JSONField(default=list)),
                ("problem", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("claim", models.UUIDField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "indexes": [models.Index(fields=["state", "claimed_until"], name="import_waiting")],
            },
        ),
        migrations.CreateModel(
            name="MappingPreset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=20)),
                ("mapping", models.JSONField(default=dict)),
                ("by_name", models.CharField(max_length=200)),
                ("used_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["name"],
                "constraints": [models.UniqueConstraint(fields=("kind", "name"), name="one_preset_a_name")],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("line", models.PositiveIntegerField()),
                ("label", models.CharField(max_length=300)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("create", "create"),
                            ("update", "update"),
                            ("unchanged", "unchanged"),
                            ("skip", "skipped"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "steps",
                    models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                ("made", models.JSONField(default=dict)),
                ("applied", models.BooleanField(default=False)),
                ("mendable", models.BooleanField(default=False)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="exchange.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "indexes": [models.Index(fields=["run", "action", "number"], name="import_row_by_action")],
                "constraints": [models.UniqueConstraint(fields=("run", "number"), name="one_number_a_row")],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("mapping", models.JSONField(default=dict)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="exchange.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "kind"), name="one_file_a_kind_and_import")
                ],
            },
        ),
    ]
