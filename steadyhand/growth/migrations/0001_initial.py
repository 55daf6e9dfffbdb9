import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0001_initial"),
        ("commitments", "0001_initial"),
        ("comms", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Opportunity",
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
                        choices=[("upsell", "upsell"), ("cross_sell", "cross-sell")],
                        default="upsell",
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("made_at", models.DateTimeField()),
                ("dropped_at", models.DateTimeField(null=True)),
                (
                    "call",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="opportunities",
                        to="comms.call",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opportunities",
                        to="clients.client",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="opportunities",
                        to="clients.contact",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="opportunities",
                        to="comms.meeting",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="opportunities",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "opportunities",
                "ordering": ["-made_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Win",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("figures", "their figures"),
                            ("delivery", "our work"),
                            ("words", "their own words"),
                        ],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField()),
                ("noted_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "told_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("call", "call"),
                            ("email", "e-mail"),
                            ("meeting", "meeting"),
                            ("note", "note"),
                        ],
                        max_length=10,
                    ),
                ),
                ("offered_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
                (
                    "asking",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="win_to_ask_after",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="wins",
                        to="comms.call",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wins", to="clients.client"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="wins",
                        to="clients.contact",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="wins",
                        to="comms.meeting",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="wins",
                        to="comms.message",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="wins",
                        to="people.member",
                    ),
                ),
                (
                    "telling",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="win_to_tell",
                        to="commitments.commitment",
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-id"],
                "indexes": [models.Index(fields=["client", "-on"], name="win_of_client")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told_at", None), ("told_how", "")),
                            models.Q(("told_at__isnull", False), models.Q(("told_how", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="told_somehow",
                    )
                ],
            },
        ),
    ]
