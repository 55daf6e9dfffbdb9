import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("is_active", models.BooleanField(default=True)),
                ("date_joined", models.DateTimeField(auto_now_add=True)),
                (
                    "sign_outs",
                    models.PositiveIntegerField(default=0, help_text="How often every session was ended."),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(max_length=254, unique=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("account_executive", "Account executive"),
                            ("account_manager", "Account manager"),
                            ("senior_account_manager", "Senior account manager"),
                            ("account_director", "Account director"),
                            ("head_of_client_services", "Head of client services"),
                            ("executive_sponsor", "Executive sponsor"),
                            ("managing_director", "Managing director"),
                            ("new_business", "New business"),
                            ("head_of_strategy", "Head of strategy"),
                            ("head_of_operations", "Head of operations"),
                            ("operations_support", "Operations support"),
                            ("department_lead", "Department lead"),
                            ("deliverable_manager", "Deliverable manager"),
                            ("finance", "Finance"),
                            ("administrator", "Administrator"),
                        ],
                        default="account_manager",
                        max_length=30,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not_invited", "not invited yet"),
                            ("invited", "invited"),
                            ("active", "active"),
                            ("left", "left"),
                        ],
                        default="not_invited",
                        max_length=12,
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("country", models.CharField(default="GB", max_length=2)),
                ("subdivision", models.CharField(blank=True, max_length=10)),
                ("zone", models.CharField(default="Europe/London", max_length=60)),
                ("language", models.CharField(default="en-gb", max_length=10)),
                (
                    "weekly_hours",
                    models.DecimalField(decimal_places=1, default=Decimal("37.5"), max_digits=4),
                ),
                ("theme", models.CharField(default="system", max_length=6)),
                ("density", models.CharField(default="comfortable", max_length=12)),
                ("shortcuts", models.BooleanField(default=True)),
                (
                    "news",
                    models.CharField(
                        choices=[
                            ("now", "As it happens"),
                            ("hourly", "Every hour"),
                            ("daily", "Each working morning, with my day"),
                            ("weekly", "On Monday morning"),
                            ("never", "Never"),
                        ],
                        default="daily",
                        max_length=8,
                    ),
                ),
                ("news_until", models.CharField(blank=True, max_length=20)),
                ("birth_day", models.PositiveSmallIntegerField(null=True)),
                ("birth_month", models.PositiveSmallIntegerField(null=True)),
                ("joined_on", models.DateField(null=True)),
                ("made_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "line_manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="people.member",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="member",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("left_at", None), ("state", "left"), _connector="OR"),
                        name="left_means_left",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("birth_day", None), ("birth_month", None)),
                            models.Q(("birth_day__range", (1, 31)), ("birth_month__range", (1, 12))),
                            _connector="OR",
                        ),
                        name="birthday_is_a_day_of_a_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(null=True)),
                (
                    "cover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="covers", to="people.member"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="absence_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("member", models.F("cover")), _negated=True),
                        name="nobody_covers_themselves",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("page", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("query", models.CharField(blank=True, max_length=2000)),
                ("shared", models.BooleanField(default=False)),
                (
                    "opens",
                    models.BooleanField(default=False, help_text="What its owner sees first on the page."),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "page", "name"), name="one_view_a_name_and_owner"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("opens", True)),
                        fields=("owner", "page"),
                        name="one_view_opens_a_page",
                    ),
                ],
            },
        ),
    ]
