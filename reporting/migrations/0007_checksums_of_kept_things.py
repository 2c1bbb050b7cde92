"""What is kept under a checksum is what that checksum says."""

from django.db import migrations, models


PAYLOAD = models.Func(
    models.F("payload"), models.Value("UTF8"), function="convert_to", output_field=models.BinaryField()
)


def hashed(of):
    """Whether the checksum is that of the bytes."""
    digest = models.Func(of, function="sha256", output_field=models.BinaryField())
    return models.Q(sha256=models.Func(digest, models.Value("hex"), function="encode", output_field=models.CharField()))


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0006_mark_texts'),
    ]

    operations = [
        migrations.AddConstraint(
            "blob", models.CheckConstraint(condition=hashed(models.F("content")), name="blob_by_its_content")
        ),
        migrations.AddConstraint(
            "findings", models.CheckConstraint(condition=hashed(PAYLOAD), name="findings_by_their_payload")
        ),
        migrations.AddConstraint(
            "snapshot", models.CheckConstraint(condition=hashed(PAYLOAD), name="snapshot_by_its_payload")
        ),
    ]
