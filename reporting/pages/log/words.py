"""How the change log calls records, columns and values."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise

# Columns that say where a row belongs or are made by the program.
SILENT = frozenset(
    "id key provenance version seq salt row_sha256 shape commitments texts source_language order ordinal "
    "content_sha256 programme_id group_id plan_id target_version_id council_term_id earliest_on latest_on history_id "
    "history_seq history_type history_date history_user_id history_change_reason object_id line_changes path_edition "
    "council_item date_precision starts_precision decimals direction".split()
)

JOBS: dict[str, Words] = {
    "import": _("Import from an older register"),
    "report": _("Making of reports"),
    "setup": pgettext_lazy("of the installation", "Setting up"),
}
