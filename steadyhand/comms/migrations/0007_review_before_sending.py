import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('commitments', '0002_about'),
        ('comms', '0006_call_notes'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='MailRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('delay_seconds', models.PositiveSmallIntegerField(default=60)),
                ('own_domains', models.CharField(blank=True, max_length=1000)),
                ('review_newcomers', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_set_of_mail_rules'), models.CheckConstraint(condition=models.Q(('delay_seconds__lte', 3600)), name='delay_up_to_an_hour')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=500)),
                ('text', models.TextField()),
                ('send_at', models.DateTimeField(null=True)),
                ('submitted_at', models.DateTimeField()),
                ('verdict', models.CharField(blank=True, choices=[('approved', 'approved'), ('returned', 'returned'), ('withdrawn', 'taken back by its writer')], max_length=10)),
                ('changed', models.BooleanField(default=False)),
                ('comment', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.CharField(blank=True, max_length=200)),
                ('commitment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='message_review', to='commitments.commitment')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviewed', to='people.member')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='comms.message')),
                ('reviewer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reviews', to='people.member')),
            ],
            options={
                'ordering': ['-submitted_at', '-id'],
                'indexes': [models.Index(fields=['member', 'verdict', '-decided_at'], name='review_of_member')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('verdict', '')), fields=('message',), name='one_open_review_a_message'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('verdict', '')), models.Q(models.Q(('verdict', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='decided_review_has_its_moment')],
            },
        ),
        migrations.CreateModel(
            name='Supervision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('put_by', models.CharField(max_length=200)),
                ('released_at', models.DateTimeField(null=True)),
                ('released_by', models.CharField(blank=True, max_length=200)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supervisions', to='people.member')),
                ('reviewer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='supervises', to='people.member')),
            ],
            options={
                'ordering': ['-since', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('released_at', None)), fields=('member',), name='one_running_review_a_member'), models.CheckConstraint(condition=models.Q(('reviewer', None), models.Q(('reviewer', models.F('member')), _negated=True), _connector='OR'), name='nobody_reviews_themselves')],
            },
        ),
    ]
