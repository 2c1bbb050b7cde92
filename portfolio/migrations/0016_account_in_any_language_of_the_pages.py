"""An account speaks any language that the city's pages speak; which those are, the city's identity says."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portfolio', '0015_sessions_name_their_account'),
    ]

    operations = [
        migrations.AlterField(
            model_name='account',
            name='language',
            field=models.CharField(default='fi', max_length=2),
        ),
    ]
