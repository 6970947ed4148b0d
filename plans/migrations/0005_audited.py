"""Every table of plans under watch; drafts that nobody has saved, and what only repeats a change, are left out."""

from django.db import migrations

from zaitaku.audit.watching import watch

TABLES = (
    "areadraft",
    "unitlink",
    "plan",
    "chapter",
    "plancomment",
    "versiondecision",
    "target",
    "milestone",
    "demandagreement",
    "policy",
    "roadmapstep",
    "scheduleitem",
    "policyevaluation",
    "targetevaluation",
    "designationverification",
    "goodpractice",
    "logicnode",
    "logicedge",
    "meeting",
    "meetingmember",
    "meetingdecision",
    "dischargerule",
)


class Migration(migrations.Migration):
    dependencies = [("plans", "0004_topics_of_plans"), ("audit", "0002_noted_by_the_database")]

    operations = [
        *(watch(f"plans_{table}") for table in TABLES),
        watch("plans_planversion", without=("content",)),
    ]
