import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comms', '0005_receiving'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='recording',
            field=models.URLField(blank=True, default='', max_length=500),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='call',
            name='recording_consent',
            field=models.CharField(blank=True, default='', max_length=200),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recording', ''), ('recording_consent', '')), models.Q(models.Q(('recording', ''), _negated=True), models.Q(('recording_consent', ''), _negated=True)), _connector='OR'), name='recorded_with_consent'),
        ),
        migrations.CreateModel(
            name='NoteTyping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(max_length=40)),
                ('revision', models.PositiveIntegerField()),
                ('text', models.TextField(blank=True)),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='typings', to='comms.callnote')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('note', 'page'), name='one_typing_a_page')],
            },
        ),
    ]
