from typing import Any

from django.db import migrations, models


def bind(apps: Any, schema_editor: Any) -> None:
    """Rows of before are bound to commitments too, and the ledger says to which."""
    from portfolio.people.models import Person  # noqa: PLC0415 - the list of what is personal stands there alone

    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT history_bind('portfolio_person', %s) WHERE EXISTS (SELECT 1 FROM portfolio_person_history)",
            [list(Person.personal)],
        )


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0009_texts_in_the_citys_first_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalperson",
            name="commitments",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="historyshape",
            name="personal",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.RunPython(bind, migrations.RunPython.noop),
    ]
