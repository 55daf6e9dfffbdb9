import django.db.models.deletion
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0001_initial"),
        ("people", "0001_initial"),
        ("playbook", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Commitment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call", "call"),
                            ("report", "report"),
                            ("dashboard", "dashboard"),
                            ("sponsor_call", "sponsor's call"),
                            ("survey", "survey"),
                            ("review", "review"),
                            ("meeting", "meeting"),
                            ("setup", "set-up"),
                            ("plan_agreement", "plan agreement"),
                            ("follow_up", "follow-up"),
                            ("action", "action"),
                            ("entertainment", "entertainment"),
                        ],
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("rule", models.CharField(max_length=60)),
                ("period", models.CharField(max_length=40)),
                ("slot", models.PositiveSmallIntegerField(default=1)),
                ("period_ends", models.DateField(null=True)),
                ("due_on", models.DateField()),
                ("due_time", models.TimeField(null=True)),
                ("zone", models.CharField(max_length=60)),
                ("due_at", models.DateTimeField()),
                ("starts_at", models.DateTimeField(null=True)),
                ("minutes", models.PositiveSmallIntegerField(default=0)),
                ("internal", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("done", "done"),
                            ("done_late", "done late"),
                            ("missed", "missed"),
                            ("waived", "waived"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("about_type", models.CharField(blank=True, max_length=60)),
                ("about_id", models.BigIntegerField(null=True)),
                ("closes_with", models.CharField(blank=True, max_length=60)),
                ("moved_from", models.DateField(null=True)),
                ("touched_at", models.DateTimeField(null=True)),
                ("missed_at", models.DateTimeField(null=True)),
                ("waiting_since", models.DateTimeField(null=True)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="clients.client",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="clients.engagement",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="people.member",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="playbook.version",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "id"],
                "indexes": [
                    models.Index(fields=["owner", "state", "due_at"], name="commitment_of_owner"),
                    models.Index(fields=["client", "due_at"], name="commitment_of_client"),
                    models.Index(fields=["state", "due_at"], name="commitment_by_due"),
                    models.Index(
                        condition=models.Q(("waiting_since__isnull", False)),
                        fields=["due_at"],
                        name="commitment_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "rule", "period", "slot"), name="one_commitment_a_period"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("engagement", None)),
                        fields=("rule", "period", "slot"),
                        name="one_internal_commitment_a_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("missed_at__isnull", False), ("state", "missed")),
                            models.Q(("state", "missed"), _negated=True),
                            _connector="OR",
                        ),
                        name="missed_has_its_stamp",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Completion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_kind", models.CharField(max_length=10)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("late", models.BooleanField(default=False)),
                ("evidence_type", models.CharField(blank=True, max_length=60)),
                ("evidence_id", models.BigIntegerField(null=True)),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="completions",
                        to="commitments.commitment",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("commitment",), name="done_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_kind", models.CharField(max_length=10)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handovers",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "from_member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="handed_over",
                        to="people.member",
                    ),
                ),
                (
                    "to_member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_over",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_kind", models.CharField(max_length=10)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("from_day", models.DateField()),
                ("from_time", models.TimeField(null=True)),
                ("to_day", models.DateField()),
                ("to_time", models.TimeField(null=True)),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="commitments.commitment",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Wait",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_kind", models.CharField(max_length=10)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waits",
                        to="commitments.commitment",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("undone_at", None)),
                        fields=("commitment",),
                        name="waiting_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_kind", models.CharField(max_length=10)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waivers",
                        to="commitments.commitment",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("commitment",), name="waived_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True), name="waiver_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClientPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wanted", models.PositiveIntegerField(default=1)),
                ("planned", models.PositiveIntegerField(default=0)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("basis", models.CharField(blank=True, max_length=64)),
                ("until", models.DateField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "not planned yet"),
                            ("planned", "planned"),
                            ("bespoke", "to be agreed with the client"),
                            ("needs_rate", "needs a rate"),
                            ("nothing", "nothing to plan"),
                        ],
                        default="new",
                        max_length=12,
                    ),
                ),
                ("tier", models.PositiveSmallIntegerField(null=True)),
                ("monthly_spend", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=12)),
                ("missing_currency", models.CharField(blank=True, max_length=3)),
                ("raised_on", models.DateField(null=True)),
                ("planned_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="plan", to="clients.client"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="client_plans",
                        to="playbook.version",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("wanted", models.F("planned")), _negated=True),
                        fields=["client"],
                        name="plan_behind",
                    ),
                    models.Index(fields=["basis"], name="plan_basis"),
                    models.Index(fields=["tier", "-monthly_spend"], name="plan_by_tier"),
                ],
            },
        ),
    ]
