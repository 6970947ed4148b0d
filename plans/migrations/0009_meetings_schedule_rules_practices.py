"""協議の場 with invitations and what decisions changed, wider 入退院支援ルール, calendars, 好事例; all under watch."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from zaitaku.audit.watching import watch


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_noted_by_the_database'),
        ('institutions', '0009_search_settled_by_its_owner'),
        ('plans', '0008_evaluation'),
        ('regions', '0005_adopted_schemes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=120, verbose_name='渡した相手')),
                ('audience', models.CharField(choices=[('prefecture', '都道府県（すべての予定）'), ('municipality', '市町村'), ('association', '医師会など')], max_length=12, verbose_name='だれ向けの予定か')),
                ('token_hash', models.CharField(max_length=64, unique=True, verbose_name='トークンのハッシュ')),
                ('created_at', models.DateTimeField(verbose_name='発行')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='取消')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='最後に読まれた日時')),
            ],
            options={
                'verbose_name': '予定表のアドレス',
                'verbose_name_plural': '予定表のアドレス',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DecisionChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(max_length=40, verbose_name='反映先')),
                ('record', models.PositiveBigIntegerField(verbose_name='反映先の番号')),
                ('name', models.CharField(max_length=200, verbose_name='反映先の名称')),
            ],
            options={
                'verbose_name': '決定の反映先',
                'verbose_name_plural': '決定の反映先',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='DischargeRuleMunicipality',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': '参加する市町村',
                'verbose_name_plural': '参加する市町村',
                'ordering': ['municipality__code'],
            },
        ),
        migrations.CreateModel(
            name='MeetingInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': '招いた市町村',
                'verbose_name_plural': '招いた市町村',
            },
        ),
        migrations.AlterModelOptions(
            name='goodpractice',
            options={'ordering': ['-published_at', '-id'], 'verbose_name': '好事例', 'verbose_name_plural': '好事例'},
        ),
        migrations.AlterModelOptions(
            name='meetingdecision',
            options={'ordering': ['id'], 'verbose_name': '決定', 'verbose_name_plural': '決定'},
        ),
        migrations.AlterModelOptions(
            name='meetingmember',
            options={'ordering': ['id'], 'verbose_name': '構成員', 'verbose_name_plural': '構成員'},
        ),
        migrations.RemoveField(
            model_name='goodpractice',
            name='indicator_code',
        ),
        migrations.RemoveField(
            model_name='meetingdecision',
            name='record',
        ),
        migrations.RemoveField(
            model_name='meetingdecision',
            name='section',
        ),
        migrations.RemoveField(
            model_name='scheduleitem',
            name='is_shared',
        ),
        migrations.AddField(
            model_name='dischargerule',
            name='care_managers',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='参加居宅介護支援事業所数'),
        ),
        migrations.AddField(
            model_name='dischargerule',
            name='care_managers_of',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='圏域の居宅介護支援事業所数'),
        ),
        migrations.AddField(
            model_name='dischargerule',
            name='contact',
            field=models.CharField(blank=True, max_length=200, verbose_name='問い合わせ先'),
        ),
        migrations.AddField(
            model_name='dischargerule',
            name='document',
            field=models.CharField(blank=True, max_length=200, verbose_name='文書の名称'),
        ),
        migrations.AddField(
            model_name='dischargerule',
            name='name',
            field=models.CharField(blank=True, max_length=120, verbose_name='ルールの名称'),
        ),
        migrations.AddField(
            model_name='goodpractice',
            name='changed_at',
            field=models.DateTimeField(auto_now=True, verbose_name='更新'),
        ),
        migrations.AddField(
            model_name='goodpractice',
            name='cost',
            field=models.CharField(blank=True, max_length=200, verbose_name='費用'),
        ),
        migrations.AddField(
            model_name='goodpractice',
            name='indicator_codes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=5, verbose_name='関係する指標'),
        ),
        migrations.AddField(
            model_name='goodpractice',
            name='kana',
            field=models.CharField(blank=True, max_length=240, verbose_name='題名のよみ'),
        ),
        migrations.AddField(
            model_name='goodpractice',
            name='people',
            field=models.CharField(blank=True, max_length=200, verbose_name='かかわった人'),
        ),
        migrations.AddField(
            model_name='goodpractice',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='削除'),
        ),
        migrations.AddField(
            model_name='goodpractice',
            name='searched',
            field=models.TextField(blank=True, editable=False, verbose_name='検索用'),
        ),
        migrations.AddField(
            model_name='goodpractice',
            name='situation',
            field=models.TextField(blank=True, verbose_name='もとの状況・課題'),
        ),
        migrations.AddField(
            model_name='goodpractice',
            name='source_url',
            field=models.URLField(blank=True, verbose_name='出典のアドレス'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='body',
            field=models.CharField(blank=True, max_length=120, verbose_name='会議体'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='document',
            field=models.CharField(blank=True, max_length=200, verbose_name='資料の名称'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='ends_at',
            field=models.TimeField(blank=True, null=True, verbose_name='終了時刻'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='readers',
            field=models.CharField(choices=[('open', '県内のすべての市町村'), ('invited', '招いた市町村だけ')], default='open', max_length=8, verbose_name='読める市町村'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='starts_at',
            field=models.TimeField(blank=True, null=True, verbose_name='開始時刻'),
        ),
        migrations.AddField(
            model_name='meetingdecision',
            name='version',
            field=models.PositiveIntegerField(default=0, verbose_name='版'),
        ),
        migrations.AddField(
            model_name='scheduleitem',
            name='ends_at',
            field=models.TimeField(blank=True, null=True, verbose_name='終了時刻'),
        ),
        migrations.AddField(
            model_name='scheduleitem',
            name='for_associations',
            field=models.BooleanField(default=True, verbose_name='医師会などと共有する'),
        ),
        migrations.AddField(
            model_name='scheduleitem',
            name='for_municipalities',
            field=models.BooleanField(default=True, verbose_name='市町村と共有する'),
        ),
        migrations.AddField(
            model_name='scheduleitem',
            name='place',
            field=models.CharField(blank=True, max_length=120, verbose_name='場所・方法'),
        ),
        migrations.AddField(
            model_name='scheduleitem',
            name='starts_at',
            field=models.TimeField(blank=True, null=True, verbose_name='開始時刻'),
        ),
        migrations.AlterField(
            model_name='goodpractice',
            name='area_type',
            field=models.CharField(blank=True, max_length=40, verbose_name='地域の種類'),
        ),
        migrations.AddConstraint(
            model_name='dischargerule',
            constraint=models.CheckConstraint(condition=models.Q(('care_managers__isnull', True), ('care_managers_of__isnull', True), ('care_managers__lte', models.F('care_managers_of')), _connector='OR'), name='discharge_rule_part_of_care_managers'),
        ),
        migrations.AddConstraint(
            model_name='goodpractice',
            constraint=models.CheckConstraint(condition=models.Q(('removed_at__isnull', True), ('published_at__isnull', True), _connector='OR'), name='good_practice_removed_is_not_public'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='meeting_has_name'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), models.Q(('ends_at__gt', models.F('starts_at')), ('starts_at__isnull', False)), _connector='OR'), name='meeting_hours_in_order'),
        ),
        migrations.AddConstraint(
            model_name='scheduleitem',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='schedule_has_title'),
        ),
        migrations.AddConstraint(
            model_name='scheduleitem',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), models.Q(('ends_at__gt', models.F('starts_at')), ('starts_at__isnull', False)), models.Q(('ends_on__gt', models.F('starts_on')), ('starts_at__isnull', False)), _connector='OR'), name='schedule_hours_in_order'),
        ),
        migrations.AddField(
            model_name='calendarlink',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='発行者'),
        ),
        migrations.AddField(
            model_name='calendarlink',
            name='municipality',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region', verbose_name='市町村'),
        ),
        migrations.AddField(
            model_name='calendarlink',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_links', to='plans.plan', verbose_name='計画'),
        ),
        migrations.AddField(
            model_name='decisionchange',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='plans.meetingdecision', verbose_name='決定'),
        ),
        migrations.AddField(
            model_name='dischargerulemunicipality',
            name='municipality',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region', verbose_name='市町村'),
        ),
        migrations.AddField(
            model_name='dischargerulemunicipality',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='municipalities', to='plans.dischargerule', verbose_name='入退院支援ルール'),
        ),
        migrations.AddField(
            model_name='meetinginvitation',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='plans.meeting', verbose_name='協議の場'),
        ),
        migrations.AddField(
            model_name='meetinginvitation',
            name='municipality',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region', verbose_name='市町村'),
        ),
        migrations.AddConstraint(
            model_name='calendarlink',
            constraint=models.CheckConstraint(condition=models.Q(('label', ''), _negated=True), name='calendar_link_has_label'),
        ),
        migrations.AddConstraint(
            model_name='calendarlink',
            constraint=models.CheckConstraint(condition=models.Q(('token_hash__regex', '^[0-9a-f]{64}$')), name='calendar_link_hash_shape'),
        ),
        migrations.AddConstraint(
            model_name='calendarlink',
            constraint=models.CheckConstraint(condition=models.Q(('municipality__isnull', True), ('audience', 'municipality'), _connector='OR'), name='calendar_link_of_a_municipality'),
        ),
        migrations.AddIndex(
            model_name='decisionchange',
            index=models.Index(fields=['section', 'record'], name='decision_change_of'),
        ),
        migrations.AddConstraint(
            model_name='decisionchange',
            constraint=models.UniqueConstraint(fields=('decision', 'section', 'record'), name='decision_changes_once'),
        ),
        migrations.AddConstraint(
            model_name='decisionchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('section', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='decision_change_is_named'),
        ),
        migrations.AddConstraint(
            model_name='dischargerulemunicipality',
            constraint=models.UniqueConstraint(fields=('rule', 'municipality'), name='discharge_rule_joined_once'),
        ),
        migrations.AddConstraint(
            model_name='meetinginvitation',
            constraint=models.UniqueConstraint(fields=('meeting', 'municipality'), name='meeting_invites_once'),
        ),
        watch("plans_meetinginvitation"),
        watch("plans_decisionchange"),
        watch("plans_dischargerulemunicipality"),
        watch("plans_calendarlink", without=("token_hash", "last_used_at")),
    ]
