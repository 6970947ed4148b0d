"""Let the register remember what each list changed."""

from django.db import migrations

from zaitaku.sources.row_changes import note_changes_of


class Migration(migrations.Migration):
    dependencies = [("institutions", "0001_initial"), ("sources", "0003_withdrawal_and_row_changes")]

    operations = [note_changes_of("institutions_institution"), note_changes_of("institutions_notification")]
