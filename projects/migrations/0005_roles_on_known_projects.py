from django.db import migrations


class Migration(migrations.Migration):
    """A role of a project manager points to a project; the portfolio doesn't know projects, the database does."""

    dependencies = [
        ("projects", "0004_taken_over_without_a_reason"),
        ("portfolio", "0011_accounts_and_what_roles_are_held_on"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE portfolio_roleassignment ADD CONSTRAINT role_on_a_known_project FOREIGN KEY (project_id) "
            "REFERENCES projects_project (id) DEFERRABLE INITIALLY DEFERRED NOT VALID",
            "ALTER TABLE portfolio_roleassignment DROP CONSTRAINT role_on_a_known_project",
        )
    ]
