from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='member',
            name='birth_day',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='member',
            name='birth_month',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='member',
            name='joined_on',
            field=models.DateField(null=True),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('birth_day', None), ('birth_month', None)), models.Q(('birth_day__range', (1, 31)), ('birth_month__range', (1, 12))), _connector='OR'), name='birthday_is_a_day_of_a_month'),
        ),
    ]
