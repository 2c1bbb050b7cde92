from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0008_kinds_of_documents'),
    ]

    operations = [
        migrations.AddField(
            model_name='work',
            name='let_on_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RemoveConstraint(
            model_name='work',
            name='work_of_a_document',
        ),
        migrations.AddConstraint(
            model_name='work',
            constraint=models.CheckConstraint(condition=models.Q(('report__isnull', False), models.Q(('kind__in', ('render', 'tell')), ('snapshot__isnull', False)), _connector='OR'), name='work_of_a_document'),
        ),
    ]
