"""A target that the council approved ends by its decision; targets that ended before the rule keep what they have."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


def decision():
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="ended_targets",
        to="portfolio.decision",
    )


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0003_correct_moves")]

    operations = [
        migrations.AddField(model_name="benefittarget", name="ended_by", field=decision()),
        migrations.AddField(
            model_name="historicalbenefittarget",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="portfolio.decision",
            ),
        ),
        # Not valid: it holds for every row written from now on; rows are never rewritten, so the older ones stay.
        AddConstraintNotValid(
            model_name="benefittarget",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["replaced", "ended"]), _negated=True)
                | models.Q(("ended_by__isnull", False))
                | models.Q(("provenance", "taken_over")),
                name="benefit_ended_by_the_council",
                violation_error_code="benefit.end_needs_council_decision",
            ),
        ),
    ]
