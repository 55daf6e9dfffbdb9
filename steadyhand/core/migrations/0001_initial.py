import datetime
import django.core.serializers.json
import django.db.models.deletion
import steadyhand.core.words
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ClosedDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('reason', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('name', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('currency', models.CharField(default='GBP', max_length=3)),
                ('country', models.CharField(default='GB', max_length=2)),
                ('subdivision', models.CharField(blank=True, max_length=10)),
                ('zone', models.CharField(default='Europe/London', max_length=60)),
                ('language', models.CharField(default='en-gb', max_length=10)),
                ('working_days', models.CharField(default='01234', help_text='Digits 0 (Monday) to 6.', max_length=7)),
                ('day_starts', models.TimeField(default=datetime.time(9, 0))),
                ('day_ends', models.TimeField(default=datetime.time(17, 30))),
                ('horizon_weeks', models.PositiveSmallIntegerField(default=13)),
                ('founded_at', models.DateTimeField()),
                ('accent', models.CharField(blank=True, help_text='#rrggbb; empty: ours.', max_length=7)),
                ('logo_digest', models.CharField(blank=True, max_length=64)),
                ('logo_type', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='only_one_agency'), models.CheckConstraint(condition=models.Q(('day_starts__lt', models.F('day_ends'))), name='agency_day_starts_before_it_ends'), models.CheckConstraint(condition=models.Q(('horizon_weeks__range', (1, 104))), name='agency_horizon_1_to_104_weeks')],
            },
        ),
        migrations.CreateModel(
            name='DutyRun',
            fields=[
                ('name', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('due_at', models.DateTimeField()),
                ('claimed_by', models.CharField(blank=True, max_length=64)),
                ('leased_until', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('took', models.DurationField(null=True)),
                ('failures', models.PositiveIntegerField(default=0, help_text='In a row, until one succeeds.')),
                ('last_error', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'indexes': [models.Index(fields=['due_at'], name='duty_due')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('verb', models.CharField(max_length=60)),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(max_length=200)),
                ('client_id', models.BigIntegerField(null=True)),
                ('subject_type', models.CharField(blank=True, max_length=60)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('audience', models.CharField(choices=[('team', 'team'), ('client', 'client too'), ('finance', 'finance'), ('people', 'people and HR')], default='team', max_length=10)),
                ('batch', models.UUIDField(null=True)),
                ('data', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('words', steadyhand.core.words.Words('verb', 'data')),
            ],
            options={
                'indexes': [models.Index(fields=['client_id', '-at', '-id'], name='event_of_client'), models.Index(fields=['subject_type', 'subject_id', '-id'], name='event_of_subject'), models.Index(fields=['-at', '-id'], name='event_latest'), models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch'], name='event_of_batch')],
            },
        ),
        migrations.CreateModel(
            name='ExchangeRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('from_day', models.DateField()),
                ('rate', models.DecimalField(decimal_places=8, max_digits=18)),
            ],
            options={
                'ordering': ['currency', '-from_day'],
                'constraints': [models.UniqueConstraint(fields=('currency', 'from_day'), name='one_rate_a_currency_and_day'), models.CheckConstraint(condition=models.Q(('rate__gt', Decimal('0'))), name='rate_above_zero')],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sign_in', 'one sign-in'), ('invitation', 'an invitation to join'), ('feed', 'a calendar feed'), ('api', 'the API'), ('news', 'the end of mails about what happened'), ('meeting', 'a page about one meeting'), ('item', 'one thing shared with a client')], max_length=12)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('holder_type', models.CharField(max_length=20)),
                ('holder_id', models.BigIntegerField()),
                ('label', models.CharField(blank=True, max_length=200)),
                ('scope', models.CharField(blank=True, max_length=40)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('last_used_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['holder_type', 'holder_id', 'kind'], name='grant_of_holder')],
            },
        ),
        migrations.CreateModel(
            name='IdempotentReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member_id', models.BigIntegerField()),
                ('key', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(default=0)),
                ('body', models.TextField(blank=True)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['made_at'], name='idempotent_by_age')],
                'constraints': [models.UniqueConstraint(fields=('member_id', 'key'), name='one_reply_a_key')],
            },
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('recipient', models.EmailField(max_length=254)),
                ('copies', models.JSONField(default=list)),
                ('sender', models.CharField(blank=True, default='', max_length=400)),
                ('subject', models.CharField(max_length=500)),
                ('text', models.TextField()),
                ('html', models.TextField(blank=True)),
                ('mime', models.BinaryField(default=bytes)),
                ('message_id', models.CharField(max_length=200, unique=True)),
                ('route', models.CharField(blank=True, default='', max_length=60)),
                ('client_id', models.BigIntegerField(null=True)),
                ('about_type', models.CharField(blank=True, default='', max_length=60)),
                ('about_id', models.BigIntegerField(null=True)),
                ('cause', models.CharField(blank=True, default='', max_length=200)),
                ('state', models.CharField(choices=[('queued', 'queued'), ('sending', 'being sent'), ('sent', 'sent'), ('failed', 'failed'), ('cancelled', 'cancelled'), ('uncertain', 'uncertain')], default='queued', max_length=10)),
                ('safe_to_repeat', models.BooleanField(default=False)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField()),
                ('claim', models.CharField(blank=True, default='', max_length=32)),
                ('leased_until', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, max_length=500)),
                ('untold', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'next_at'], name='outbox_next'), models.Index(fields=['client_id', '-id'], name='outbox_of_client'), models.Index(fields=['about_type', 'about_id'], name='outbox_about'), models.Index(fields=['sent_at', 'recipient'], name='outbox_by_day'), models.Index(condition=models.Q(('untold', True)), fields=['id'], name='outbox_untold')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('cause', ''), _negated=True), fields=('cause',), name='one_mail_a_cause')],
            },
        ),
        migrations.CreateModel(
            name='OutboxAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('began_at', models.DateTimeField()),
                ('handing_over_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('sent', 'taken by the server'), ('later', 'to be tried again'), ('refused', 'refused'), ('cut_off', 'cut off before handing over'), ('unknown', 'cut off while handing over')], max_length=10)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempt_log', to='core.outboxmessage')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'number'), name='one_attempt_a_number')],
            },
        ),
    ]
