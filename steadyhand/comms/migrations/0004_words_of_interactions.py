from django.db import migrations

from steadyhand.core.words import Words, filling


class Migration(migrations.Migration):
    dependencies = [
        ("comms", "0003_chases"),
    ]

    operations = [
        migrations.AddField(
            model_name="interaction", name="words", field=Words("summary", "body", "outcome")
        ),
        filling("comms", "Interaction"),
    ]
