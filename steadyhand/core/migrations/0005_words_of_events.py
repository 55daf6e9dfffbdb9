from django.db import migrations

from steadyhand.core.words import Words, filling


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_outbox"),
    ]

    operations = [
        migrations.AddField(model_name="event", name="words", field=Words("verb", "data")),
        filling("core", "Event"),
    ]
