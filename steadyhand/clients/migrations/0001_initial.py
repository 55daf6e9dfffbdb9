import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClientGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Client",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("domain", models.CharField(blank=True, max_length=200)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("prospect", "prospect"),
                            ("live", "live"),
                            ("ended", "ended"),
                            ("merged", "merged into another"),
                        ],
                        default="live",
                        max_length=10,
                    ),
                ),
                ("industry", models.CharField(blank=True, max_length=100)),
                ("phone", models.CharField(blank=True, max_length=60)),
                ("website", models.CharField(blank=True, max_length=300)),
                ("country", models.CharField(default="GB", max_length=2)),
                ("subdivision", models.CharField(blank=True, max_length=10)),
                ("zone", models.CharField(default="Europe/London", max_length=60)),
                ("since", models.DateField(null=True)),
                (
                    "lift",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "spend alone"),
                            ("room_to_grow", "room to grow"),
                            ("lifetime_value", "likely lifetime value"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "propensity",
                    models.CharField(
                        choices=[("low", "low"), ("medium", "medium"), ("high", "high")],
                        default="medium",
                        max_length=6,
                    ),
                ),
                ("business", models.TextField(blank=True, help_text="What they do, for whom (O8).")),
                (
                    "goals",
                    models.TextField(blank=True, help_text="What they want from us, in their words (O8)."),
                ),
                ("plan_revision", models.PositiveIntegerField(default=1)),
                ("made_at", models.DateTimeField()),
                ("ended_on", models.DateField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=300)),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="clients.client",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="clients.clientgroup",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "indexes": [
                    models.Index(fields=["stage", "name", "id"], name="client_by_name"),
                    models.Index(fields=["domain"], name="client_by_domain"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("domain", ""), _negated=True),
                            models.Q(("stage", "merged"), _negated=True),
                        ),
                        fields=("domain",),
                        name="one_client_a_domain",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("stage", "merged")),
                            models.Q(models.Q(("stage", "merged"), _negated=True), ("merged_into", None)),
                            _connector="OR",
                        ),
                        name="merged_says_into_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=60)),
                ("job_title", models.CharField(blank=True, max_length=200)),
                ("day_to_day", models.BooleanField(default=False)),
                ("decides", models.BooleanField(default=False)),
                ("notes", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                ("left_on", models.DateField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="clients.client",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="contact",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-day_to_day", "name", "id"],
                "indexes": [models.Index(fields=["email"], name="contact_by_email")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("email", ""), _negated=True),
                        fields=("client", "email"),
                        name="one_contact_an_address",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Discovery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("question_key", models.CharField(max_length=60)),
                ("answer", models.TextField()),
                ("source_type", models.CharField(blank=True, max_length=60)),
                ("source_id", models.BigIntegerField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="discovery",
                        to="clients.client",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="answers",
                        to="clients.contact",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="superseding",
                        to="clients.discovery",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["client", "question_key"], name="discovery_of_client")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("client", "question_key"),
                        name="one_answer_a_question",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer", ""), _negated=True), name="answer_says_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Engagement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.SlugField(max_length=90, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("retainer", "retainer"), ("project", "project")], max_length=10
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("currency", models.CharField(max_length=3)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="engagements",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", Decimal("0"))), name="amount_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="engagement_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Departure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=60)),
                ("cadence", models.CharField(blank=True, help_text="Empty: not at all.", max_length=12)),
                ("minutes", models.PositiveSmallIntegerField(null=True)),
                ("reason", models.CharField(max_length=300)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="departures",
                        to="clients.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "rule"), name="one_departure_a_rule"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="departure_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreedTime",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=60)),
                ("weekday", models.PositiveSmallIntegerField(null=True)),
                ("day_of_month", models.PositiveSmallIntegerField(null=True)),
                ("time", models.TimeField(null=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreed_times",
                        to="clients.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "rule"), name="one_agreed_time_a_rule"),
                    models.CheckConstraint(
                        condition=models.Q(("weekday", None), ("weekday__lte", 6), _connector="OR"),
                        name="weekday_0_to_6",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("day_of_month", None), ("day_of_month__range", (1, 31)), _connector="OR"
                        ),
                        name="day_of_month_1_to_31",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpectationSaid",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("expectation_key", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                ("source_type", models.CharField(blank=True, max_length=60)),
                ("source_id", models.BigIntegerField(null=True)),
                ("taken_back_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="expectations_said",
                        to="clients.client",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="clients.contact",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="clients.engagement",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["client", "expectation_key", "-at"], name="said_to_client")],
            },
        ),
        migrations.CreateModel(
            name="MarketingKnowledge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("savvy", "Knows marketing"),
                            ("thinks_savvy", "Thinks they know marketing"),
                            ("novice", "Knows that they do not"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marketing_knowledge",
                        to="clients.contact",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("contact",),
                        name="one_knowledge_a_contact",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_day", models.DateField()),
                ("to_day", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pauses",
                        to="clients.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["from_day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_day", None), ("to_day__gte", models.F("from_day")), _connector="OR"
                        ),
                        name="pause_ends_after_it_starts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonalDetail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("birthday", "Birthday"),
                            ("away", "Time away"),
                            ("interest", "Interests"),
                            ("family", "Family"),
                            ("speaking", "How they like to be spoken to"),
                            ("deciding", "How they decide"),
                            ("bad_news", "How to bring bad news"),
                            ("other", "Also good to know"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=500)),
                ("day", models.PositiveSmallIntegerField(null=True)),
                ("month", models.PositiveSmallIntegerField(null=True)),
                ("year", models.PositiveSmallIntegerField(null=True)),
                ("from_on", models.DateField(null=True)),
                ("until_on", models.DateField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="personal_details",
                        to="clients.contact",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="corrections",
                        to="clients.personaldetail",
                    ),
                ),
            ],
            options={
                "ordering": ["contact", "kind", "from_on", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("until", None)), fields=["contact"], name="detail_standing"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "birthday"), ("until", None)),
                        fields=("contact",),
                        name="one_birthday_a_contact",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("day__isnull", False),
                                ("day__range", (1, 31)),
                                ("kind", "birthday"),
                                ("month__isnull", False),
                                ("month__range", (1, 12)),
                            ),
                            models.Q(
                                models.Q(("kind", "birthday"), _negated=True),
                                ("day", None),
                                ("month", None),
                                ("year", None),
                            ),
                            _connector="OR",
                        ),
                        name="birthday_has_day_and_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("from_on__isnull", False),
                                ("kind", "away"),
                                ("until_on__gte", models.F("from_on")),
                                ("until_on__isnull", False),
                            ),
                            models.Q(
                                models.Q(("kind", "away"), _negated=True),
                                ("from_on", None),
                                ("until_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="time_away_has_its_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["birthday", "away"]),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="detail_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SectorNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("key", models.CharField(editable=False, max_length=100)),
                ("industry", models.CharField(max_length=100)),
                ("text", models.TextField()),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replaced_by",
                        to="clients.sectornote",
                    ),
                ),
            ],
            options={
                "ordering": ["industry", "-at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("key",), name="one_note_an_industry"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True), models.Q(("key", ""), _negated=True)
                        ),
                        name="sector_note_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("channel", models.CharField(blank=True, max_length=40)),
                ("website_build", models.BooleanField(default=False)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="services",
                        to="clients.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "number"), name="one_service_a_number"),
                    models.UniqueConstraint(fields=("engagement", "name"), name="one_service_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("key", models.CharField(editable=False, max_length=200)),
                ("name", models.CharField(max_length=200)),
                ("channel", models.CharField(blank=True, max_length=40)),
                ("what", models.TextField()),
                ("brings", models.TextField(blank=True)),
                ("led_by", models.CharField(blank=True, max_length=200)),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replaced_by",
                        to="clients.serviceoffer",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "-at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("key",), name="one_offer_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("what", ""), _negated=True), models.Q(("key", ""), _negated=True)
                        ),
                        name="offer_says_what_it_is",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpendChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("before", models.DecimalField(decimal_places=2, max_digits=12)),
                ("after", models.DecimalField(decimal_places=2, max_digits=12)),
                ("currency", models.CharField(max_length=3)),
                ("by_name", models.CharField(max_length=200)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spend_changes",
                        to="clients.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="WorkingNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cares_for", "What they care for"),
                            ("agreed", "What we agreed"),
                            ("pushed_back", "When we pushed back"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("on", models.DateField()),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="working_notes",
                        to="clients.contact",
                    ),
                ),
            ],
            options={
                "ordering": ["contact", "kind", "-on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="working_note_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "pushed_back"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="pushing_back_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BriefReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="people.member",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("client", "member"), name="one_reading_a_member")
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.CharField(
                        choices=[
                            ("lead", "lead"),
                            ("support", "support"),
                            ("delivery", "delivery"),
                            ("sponsor", "executive sponsor"),
                        ],
                        max_length=10,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="people.member",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="team", to="clients.client"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "indexes": [models.Index(fields=["member", "until", "client"], name="team_of_member")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("position__in", ["lead", "sponsor"]), ("until", None)),
                        fields=("client", "position"),
                        name="one_lead_and_one_sponsor",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("client", "member", "position"),
                        name="one_running_assignment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Access",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(choices=[(1, "to read"), (2, "in full")], default=2),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accesses",
                        to="people.member",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accesses",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("member", "client"), name="one_access_a_pair")
                ],
            },
        ),
    ]
