"""What a prefecture decides about institutions under watch; lists of others keep their own history."""

from django.db import migrations

from zaitaku.audit.watching import watch

TABLES = ("designation", "catchment", "requirementanswer", "designationrule", "designationcomment", "designationbatch")


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0005_search_and_rules_of_designations"),
        ("audit", "0002_noted_by_the_database"),
    ]

    operations = [watch(f"institutions_{table}", without=("rows",)) for table in TABLES]
