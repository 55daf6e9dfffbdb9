import django.db.models.deletion
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clients', '0002_files'),
        ('commitments', '0001_initial'),
        ('comms', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('retainer', 'retainer'), ('project', 'project')], max_length=10)),
                ('value', models.DecimalField(decimal_places=2, max_digits=12)),
                ('currency', models.CharField(max_length=3)),
                ('services', models.JSONField(default=list)),
                ('size', models.CharField(blank=True, choices=[('small', 'small'), ('medium', 'medium'), ('large', 'large')], max_length=6)),
                ('face_to_face', models.BooleanField(default=False)),
                ('stage', models.CharField(choices=[('open', 'open'), ('pitching', 'pitching'), ('won', 'won'), ('lost', 'lost'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                ('expected_on', models.DateField(null=True)),
                ('notes', models.TextField(blank=True)),
                ('added_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_because', models.CharField(blank=True, max_length=300)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leads', to='clients.client')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='people.member')),
            ],
            options={
                'ordering': ['-changed_at', '-id'],
                'indexes': [models.Index(fields=['stage', '-changed_at'], name='lead_by_stage')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_because', ''), ('stage__in', ['open', 'pitching'])), models.Q(('closed_at__isnull', False), ('stage', 'won')), models.Q(('closed_at__isnull', False), ('stage__in', ['lost', 'withdrawn']), models.Q(('closed_because', ''), _negated=True)), _connector='OR'), name='lead_closes_at_a_time_for_a_reason'), models.CheckConstraint(condition=models.Q(('value__gte', Decimal('0'))), name='lead_not_below_zero'), models.UniqueConstraint(condition=models.Q(('stage__in', ['open', 'pitching'])), fields=('client',), name='one_running_lead_a_client')],
            },
        ),
        migrations.CreateModel(
            name='Deck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by_name', models.CharField(max_length=200)),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pitch_deck', to='clients.clientfile')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decks', to='newbusiness.lead')),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.CharField(max_length=200)),
                ('said', models.TextField(blank=True)),
                ('said_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='people.member')),
                ('promise', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='consultation', to='commitments.commitment')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consultations', to='newbusiness.lead')),
            ],
            options={
                'ordering': ['-asked_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('said', ''), ('said_at', None)), models.Q(('said_at__isnull', False), models.Q(('said', ''), _negated=True)), _connector='OR'), name='consulted_says_something')],
            },
        ),
        migrations.CreateModel(
            name='Pairing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500)),
                ('by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pairings', to='clients.contact')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairings', to='newbusiness.lead')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairings', to='people.member')),
                ('suggested', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='suggested_pairings', to='people.member')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('lead',), name='one_standing_pairing_a_lead'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='paired_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Pitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pitches', to='newbusiness.lead')),
                ('meeting', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pitch', to='comms.meeting')),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PitchTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('go', 'go'), ('no_go', 'no go')], max_length=5)),
                ('score', models.PositiveSmallIntegerField()),
                ('go_from', models.PositiveSmallIntegerField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pitch_tests', to='people.member')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pitch_tests', to='newbusiness.lead')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('lead',), name='one_standing_test_a_lead'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('score__gte', models.F('go_from')), ('verdict', 'go')), models.Q(('score__lt', models.F('go_from')), ('verdict', 'no_go')), _connector='OR'), name='against_the_score_for_a_reason'), models.CheckConstraint(condition=models.Q(('score__lte', 100)), name='score_in_percent')],
            },
        ),
        migrations.CreateModel(
            name='PitchAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=60)),
                ('text', models.CharField(max_length=500)),
                ('weight', models.PositiveSmallIntegerField()),
                ('points', models.PositiveSmallIntegerField()),
                ('note', models.CharField(blank=True, max_length=300)),
                ('test', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='newbusiness.pitchtest')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('test', 'question'), name='one_answer_a_pitch_question'), models.CheckConstraint(condition=models.Q(('points__lte', 4)), name='points_0_to_4')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('retainer', 'retainer'), ('project', 'project')], max_length=10)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
                ('currency', models.CharField(max_length=3)),
                ('services', models.JSONField(default=list)),
                ('service_minutes', models.PositiveIntegerField(null=True)),
                ('service_fee', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('lines', models.JSONField(default=list)),
                ('agreed_because', models.CharField(blank=True, max_length=300)),
                ('by_hand', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=200)),
                ('sent_on', models.DateField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('agreed_with', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreed_proposals', to='people.member')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proposals', to='clients.clientfile')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='newbusiness.lead')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('lead', 'number'), name='one_proposal_a_number'), models.CheckConstraint(condition=models.Q(('amount__gte', Decimal('0'))), name='offer_not_below_zero'), models.CheckConstraint(condition=models.Q(models.Q(('service_fee', None), ('service_minutes', None)), models.Q(('service_fee__gte', Decimal('0')), ('service_minutes__isnull', False)), _connector='OR'), name='service_line_is_whole'), models.CheckConstraint(condition=models.Q(('sent_on', None), ('service_minutes__isnull', False), _connector='OR'), name='sent_with_its_service_line'), models.CheckConstraint(condition=models.Q(models.Q(('agreed_because', ''), ('agreed_with', None), ('by_hand', False)), models.Q(('agreed_with__isnull', False), ('by_hand', True), models.Q(('agreed_because', ''), _negated=True)), _connector='OR'), name='by_hand_with_who_agreed_it')],
            },
        ),
        migrations.CreateModel(
            name='Style',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('works', models.CharField(blank=True, max_length=500)),
                ('suits', models.JSONField(default=list)),
                ('interests', models.JSONField(default=list)),
                ('changed_at', models.DateTimeField()),
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='style', to='people.member')),
            ],
        ),
    ]
