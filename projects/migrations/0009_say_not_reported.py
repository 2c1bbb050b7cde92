from django.db import migrations, models

STANDINGS = [('green', 'on track'), ('amber', 'needs attention'), ('red', 'off track'), ('grey', 'not reported')]


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0008_lesson'),
    ]

    operations = [
        migrations.AlterField(
            model_name='historicalstatusreport',
            name='standing',
            field=models.CharField(choices=STANDINGS, default='grey', max_length=5, null=True),
        ),
        migrations.AlterField(
            model_name='statusreport',
            name='standing',
            field=models.CharField(choices=STANDINGS, default='grey', max_length=5),
        ),
    ]
