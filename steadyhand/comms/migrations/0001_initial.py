import django.db.models.deletion
import steadyhand.core.words
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0001_initial"),
        ("commitments", "0001_initial"),
        ("core", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attendee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("needs-action", "not answered"),
                            ("accepted", "coming"),
                            ("tentative", "perhaps"),
                            ("declined", "not coming"),
                        ],
                        default="needs-action",
                        max_length=12,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("comment", models.CharField(blank=True, max_length=500)),
                ("invited_sequence", models.PositiveIntegerField(null=True)),
                ("answered_sequence", models.PositiveIntegerField(null=True)),
                ("answered_stamp", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendances",
                        to="clients.contact",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendances",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("notes", models.TextField(blank=True)),
                ("minutes", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("discussed_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="points",
                        to="comms.attendee",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
                ("recording", models.URLField(blank=True, max_length=500)),
                ("recording_consent", models.CharField(blank=True, max_length=200)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="calls", to="clients.client"
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="calls",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="calls",
                        to="clients.contact",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="calls",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ["-began_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("dropped_at", None), ("ended_at", None)),
                        fields=("commitment",),
                        name="one_open_call_a_promise",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recording", ""), ("recording_consent", "")),
                            models.Q(
                                models.Q(("recording", ""), _negated=True),
                                models.Q(("recording_consent", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recorded_with_consent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("part", models.CharField(max_length=60)),
                ("text", models.TextField(blank=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="comms.call"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("call", "part"), name="one_note_a_part")],
            },
        ),
        migrations.CreateModel(
            name="Chase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("wanted_by", models.DateField(null=True)),
                ("began_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                (
                    "answered_how",
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
                ("answered_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chases",
                        to="clients.client",
                    ),
                ),
                (
                    "commitment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="chase",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="chases",
                        to="clients.contact",
                    ),
                ),
            ],
            options={
                "ordering": ["began_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at", None), models.Q(("answer", ""), _negated=True), _connector="OR"
                        ),
                        name="chase_answered_in_words",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dropbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(default=1)),
                (
                    "client",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dropbox",
                        to="clients.client",
                    ),
                ),
                (
                    "member",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dropbox",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("client", None), ("member__isnull", False)),
                            models.Q(("client__isnull", False), ("member", None)),
                            _connector="OR",
                        ),
                        name="dropbox_of_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Filling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=60)),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="filling",
                        to="comms.agendaitem",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Interaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("call", "call"),
                            ("email", "e-mail"),
                            ("meeting", "meeting"),
                            ("note", "note"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        blank=True,
                        choices=[("", "not known"), ("out", "from us"), ("in", "from the client")],
                        default="",
                        max_length=3,
                    ),
                ),
                ("summary", models.CharField(blank=True, max_length=300)),
                ("body", models.TextField(blank=True)),
                ("outcome", models.CharField(blank=True, max_length=60)),
                ("minutes", models.PositiveSmallIntegerField(null=True)),
                ("source", models.CharField(blank=True, max_length=40)),
                ("made_at", models.DateTimeField()),
                ("words", steadyhand.core.words.Words("summary", "body", "outcome")),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interactions",
                        to="clients.client",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="interactions",
                        to="clients.contact",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="interactions",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["client", "-at", "-id"], name="interaction_of_client")],
            },
        ),
        migrations.AddField(
            model_name="call",
            name="interaction",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="held_call",
                to="comms.interaction",
            ),
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("no_answer", "no answer"),
                            ("voicemail", "left a voicemail"),
                            ("reached", "reached them"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("next_on", models.DateField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="attempts",
                        to="people.member",
                    ),
                ),
                (
                    "chase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attempts", to="comms.chase"
                    ),
                ),
                (
                    "interaction",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="attempt",
                        to="comms.interaction",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Mailbox",
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
                        choices=[("password", "password"), ("google", "Google"), ("microsoft", "Microsoft")],
                        default="password",
                        max_length=10,
                    ),
                ),
                ("address", models.EmailField(max_length=254)),
                ("login", models.CharField(max_length=320)),
                ("imap_host", models.CharField(blank=True, max_length=255)),
                ("imap_port", models.PositiveIntegerField(default=993)),
                (
                    "imap_security",
                    models.CharField(
                        choices=[("tls", "TLS"), ("starttls", "STARTTLS"), ("none", "none")],
                        default="tls",
                        max_length=10,
                    ),
                ),
                ("smtp_host", models.CharField(blank=True, max_length=255)),
                ("smtp_port", models.PositiveIntegerField(default=587)),
                (
                    "smtp_security",
                    models.CharField(
                        choices=[("tls", "TLS"), ("starttls", "STARTTLS"), ("none", "none")],
                        default="starttls",
                        max_length=10,
                    ),
                ),
                ("folder", models.CharField(default="INBOX", max_length=200)),
                ("secret", models.TextField()),
                ("uid_validity", models.BigIntegerField(null=True)),
                ("uid_seen", models.BigIntegerField(default=0)),
                ("last_read_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=500)),
                ("failing_since", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("disconnected_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mailboxes",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ["address", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("disconnected_at", None)),
                        fields=("address",),
                        name="connected_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MailRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("delay_seconds", models.PositiveSmallIntegerField(default=60)),
                ("own_domains", models.CharField(blank=True, max_length=1000)),
                ("review_newcomers", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_set_of_mail_rules"),
                    models.CheckConstraint(
                        condition=models.Q(("delay_seconds__lte", 3600)), name="delay_up_to_an_hour"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("agenda_key", models.CharField(blank=True, max_length=60)),
                ("starts_at", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField(default=60)),
                ("zone", models.CharField(max_length=60)),
                ("place", models.CharField(blank=True, max_length=300)),
                ("in_person", models.BooleanField(default=False)),
                (
                    "host",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "on a call"),
                            ("us", "they come to us"),
                            ("them", "we go to them"),
                            ("elsewhere", "somewhere else"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("uid", models.CharField(max_length=200, unique=True)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("began_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("cancelled_because", models.CharField(blank=True, max_length=300)),
                ("attendees_agreed_at", models.DateTimeField(null=True)),
                ("invited_at", models.DateTimeField(null=True)),
                ("agenda_sent_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="meetings",
                        to="clients.client",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="meetings",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "interaction",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="meeting",
                        to="comms.interaction",
                    ),
                ),
                (
                    "led_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="meetings_led",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "id"],
                "indexes": [models.Index(fields=["client", "starts_at"], name="meeting_of_client")],
            },
        ),
        migrations.CreateModel(
            name="Discussed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("topic", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="discussed",
                        to="comms.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [models.UniqueConstraint(fields=("meeting", "topic"), name="discussed_once")],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField()),
                ("dropped_at", models.DateTimeField(null=True)),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="decisions",
                        to="comms.agendaitem",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="comms.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Circulation",
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
                ("recipients", models.JSONField(default=list)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="circulations",
                        to="comms.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Booking",
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
                            ("travel", "travel"),
                            ("lodging", "lodging"),
                            ("room", "room"),
                            ("other", "something else"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField()),
                ("booked_at", models.DateTimeField(null=True)),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("dropped_at", models.DateTimeField(null=True)),
                (
                    "commitment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="booking",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bookings",
                        to="comms.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("booked_at", None), models.Q(("reference", ""), _negated=True), _connector="OR"
                        ),
                        name="booked_with_a_reference",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="attendee",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="attendees", to="comms.meeting"
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="agenda", to="comms.meeting"
            ),
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=200)),
                ("due_on", models.DateField(null=True)),
                ("topic", models.CharField(blank=True, max_length=80)),
                ("theirs", models.BooleanField(default=False)),
                ("internal", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("dropped_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="clients.client",
                    ),
                ),
                (
                    "commitment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="action",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="actions",
                        to="people.member",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="comms.call",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="comms.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("call__isnull", False), ("meeting__isnull", False), _connector="XOR"
                        ),
                        name="action_of_a_call_or_a_meeting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("", "not known"), ("out", "from us"), ("in", "from the client")],
                        max_length=3,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("queued", "queued"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("uncertain", "uncertain"),
                            ("cancelled", "cancelled"),
                            ("received", "received"),
                            ("triage", "to be filed"),
                            ("dismissed", "dismissed"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("from_address", models.CharField(blank=True, max_length=320)),
                ("to", models.JSONField(default=list)),
                ("copies", models.JSONField(default=list)),
                ("subject", models.CharField(blank=True, max_length=500)),
                ("text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("template", models.CharField(blank=True, max_length=60)),
                ("important", models.BooleanField(default=False)),
                ("message_id", models.CharField(blank=True, max_length=400)),
                ("in_reply_to", models.CharField(blank=True, max_length=400)),
                ("thread", models.CharField(blank=True, db_index=True, max_length=400)),
                ("about_type", models.CharField(blank=True, max_length=60)),
                ("about_id", models.BigIntegerField(null=True)),
                ("send_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="clients.client",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="messages",
                        to="clients.contact",
                    ),
                ),
                (
                    "interaction",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="message",
                        to="comms.interaction",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="messages",
                        to="people.member",
                    ),
                ),
                (
                    "outbox",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="message",
                        to="core.outboxmessage",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "indexes": [
                    models.Index(fields=["client", "-made_at"], name="message_of_client"),
                    models.Index(fields=["state", "-made_at"], name="message_by_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("direction", "in"), models.Q(("message_id", ""), _negated=True)),
                        fields=("message_id",),
                        name="received_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Bounce",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(max_length=254)),
                ("status", models.CharField(blank=True, max_length=12)),
                ("said", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                ("cleared_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bounces",
                        to="clients.client",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bounces",
                        to="clients.contact",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="bounces",
                        to="comms.message",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at", None)),
                        fields=("contact", "address"),
                        name="one_standing_bounce_an_address",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("mime_type", models.CharField(max_length=100)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="comms.message",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField()),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("filed", "filed with a client"),
                            ("triage", "waits to be filed"),
                            ("bounce", "told us that a mail did not arrive"),
                            ("answer", "answered an invitation"),
                            ("dropped", "dropped"),
                            ("left", "left alone in its mailbox"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("automatic", "an automatic answer"),
                            ("list", "a mailing list or newsletter"),
                            ("ours", "our own mail coming back"),
                            ("loop", "too many from one sender in an hour"),
                            ("unwanted", "a sender you do not want"),
                            ("broken", "nobody in particular sent it"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("sender", models.CharField(blank=True, max_length=320)),
                ("sender_name", models.CharField(blank=True, max_length=200)),
                ("pictures", models.PositiveIntegerField(default=0)),
                ("left_out", models.JSONField(default=list)),
                (
                    "mailbox",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="arrivals",
                        to="comms.mailbox",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="arrival",
                        to="comms.message",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["sender", "-at"], name="arrival_of_sender"),
                    models.Index(fields=["fate", "-at"], name="arrival_by_fate"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("internal", models.BooleanField(default=False)),
                ("text", models.TextField(blank=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="comms.agendaitem",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="comms.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["item__position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "item", "internal"), name="one_entry_a_point"),
                    models.UniqueConstraint(
                        condition=models.Q(("item", None)),
                        fields=("meeting", "internal"),
                        name="one_general_entry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteTyping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("page", models.CharField(max_length=40)),
                ("revision", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="typings",
                        to="comms.callnote",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("note", "page"), name="one_typing_a_page")],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("urgent", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="core.event"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("mailed_at", None)),
                        fields=["member"],
                        name="notification_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("member", "event"), name="told_once_of_an_event")
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                (
                    "answered_how",
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
                ("answered_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
                (
                    "call",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to="comms.call",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="clients.client",
                    ),
                ),
                (
                    "commitment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="question",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to="clients.contact",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to="comms.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at", None), models.Q(("answer", ""), _negated=True), _connector="OR"
                        ),
                        name="answered_with_an_answer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Preparation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("attendees", "attendees agreed"),
                            ("agenda", "agenda sent"),
                            ("presentation", "presentation ready"),
                            ("logistics", "logistics arranged"),
                            ("minutes", "minutes circulated"),
                            ("department", "prepared by a department"),
                        ],
                        max_length=14,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "commitment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="preparation",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preparations",
                        to="comms.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("step", "department"), _negated=True),
                        fields=("meeting", "step"),
                        name="each_preparation_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wanted", models.CharField(max_length=300)),
                ("asked_at", models.DateTimeField()),
                ("handed_in_at", models.DateTimeField(null=True)),
                ("found_at", models.CharField(blank=True, max_length=500)),
                ("dropped_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="report_requests_made",
                        to="people.member",
                    ),
                ),
                (
                    "asked_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="report_requests_owed",
                        to="people.member",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="report_requests",
                        to="clients.client",
                    ),
                ),
                (
                    "commitment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="report_request",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="report_requests",
                        to="comms.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=500)),
                ("text", models.TextField()),
                ("send_at", models.DateTimeField(null=True)),
                ("submitted_at", models.DateTimeField()),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approved", "approved"),
                            ("returned", "returned"),
                            ("withdrawn", "taken back by its writer"),
                        ],
                        max_length=10,
                    ),
                ),
                ("changed", models.BooleanField(default=False)),
                ("comment", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=200)),
                (
                    "commitment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="message_review",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviewed",
                        to="people.member",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="comms.message",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reviews",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ["-submitted_at", "-id"],
                "indexes": [
                    models.Index(fields=["member", "verdict", "-decided_at"], name="review_of_member")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("verdict", "")),
                        fields=("message",),
                        name="one_open_review_a_message",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("verdict", "")),
                            models.Q(models.Q(("verdict", ""), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="decided_review_has_its_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("agenda_key", models.CharField(max_length=60)),
                (
                    "cadence",
                    models.CharField(
                        choices=[
                            ("weekly", "weekly"),
                            ("fortnightly", "fortnightly"),
                            ("monthly", "monthly"),
                            ("quarterly", "quarterly"),
                        ],
                        max_length=12,
                    ),
                ),
                ("day", models.CharField(max_length=30)),
                ("time", models.TimeField()),
                ("zone", models.CharField(max_length=60)),
                ("minutes", models.PositiveSmallIntegerField(default=60)),
                ("place", models.CharField(blank=True, max_length=300)),
                ("from_day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "led_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="series_led",
                        to="people.member",
                    ),
                ),
                ("members", models.ManyToManyField(related_name="series", to="people.member")),
            ],
            options={
                "verbose_name_plural": "series",
                "ordering": ["title", "id"],
            },
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period", models.CharField(max_length=12)),
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="occurrence",
                        to="comms.meeting",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="occurrences",
                        to="comms.series",
                    ),
                ),
            ],
            options={
                "ordering": ["period", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("series", "period"), name="one_meeting_a_period")
                ],
            },
        ),
        migrations.CreateModel(
            name="Supervision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("put_by", models.CharField(max_length=200)),
                ("released_at", models.DateTimeField(null=True)),
                ("released_by", models.CharField(blank=True, max_length=200)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supervisions",
                        to="people.member",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="supervises",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ["-since", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("released_at", None)),
                        fields=("member",),
                        name="one_running_review_a_member",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewer", None),
                            models.Q(("reviewer", models.F("member")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_reviews_themselves",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TimeProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("comment", models.CharField(blank=True, max_length=500)),
                ("made_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("declined_at", models.DateTimeField(null=True)),
                (
                    "attendee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="comms.attendee",
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="UnwantedSender",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=320)),
                ("made_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unwanted_senders",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("member__isnull", False)),
                        fields=("address", "member"),
                        name="unwanted_by_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("member", None)), fields=("address",), name="unwanted_by_all"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="attendee",
            constraint=models.UniqueConstraint(fields=("meeting", "member"), name="a_member_attends_once"),
        ),
        migrations.AddConstraint(
            model_name="attendee",
            constraint=models.UniqueConstraint(fields=("meeting", "contact"), name="a_contact_attends_once"),
        ),
    ]
