from django.db import migrations, models


def keep_choice(apps, schema_editor):
    apps.get_model("people", "Member").objects.filter(digest=False).update(news="never")


class Migration(migrations.Migration):
    dependencies = [("people", "0002_anniversaries")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="news",
            field=models.CharField(
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
        migrations.AddField(
            model_name="member",
            name="news_until",
            field=models.CharField(blank=True, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.RunPython(keep_choice, migrations.RunPython.noop),
        migrations.RemoveField(model_name="member", name="digest"),
    ]
