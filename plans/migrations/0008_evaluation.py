"""Evaluation: what the rule gave beside what stands, figures as they were, the whole plan, what became of actions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from zaitaku.audit.watching import watch


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_noted_by_the_database'),
        ('institutions', '0009_search_settled_by_its_owner'),
        ('plans', '0007_outputs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanEvaluation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('yearly', '毎年の評価'), ('mid_term', '中間評価'), ('final', '最終評価')], default='yearly', max_length=8, verbose_name='種類')),
                ('year', models.PositiveSmallIntegerField(help_text='この年度までの実績', verbose_name='年度')),
                ('summary', models.TextField(blank=True, verbose_name='総括')),
                ('outcome', models.TextField(blank=True, verbose_name='住民・患者にとっての成果')),
                ('structure', models.TextField(blank=True, verbose_name='提供体制（圏域・医療機関・拠点）の評価')),
                ('issues', models.TextField(blank=True, verbose_name='残された課題と要因')),
                ('direction', models.TextField(blank=True, verbose_name='今後の方向（次の年度・次期計画への反映）')),
                ('opinions', models.TextField(blank=True, verbose_name='協議の場の意見と対応')),
                ('conclusion', models.CharField(blank=True, choices=[('continue', '計画どおり進める'), ('adjust', '一部を見直す'), ('revise', '大きく見直す')], max_length=8, verbose_name='結論')),
                ('at', models.DateTimeField(auto_now=True, verbose_name='記入日時')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='確定')),
                ('reopened_because', models.TextField(blank=True, verbose_name='確定を取り消した理由')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='版')),
            ],
            options={
                'verbose_name': '計画の評価',
                'verbose_name_plural': '計画の評価',
                'ordering': ['year', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='policyevaluation',
            name='policy_behind_says_why',
        ),
        migrations.RemoveConstraint(
            model_name='targetevaluation',
            name='target_behind_says_why',
        ),
        migrations.AddField(
            model_name='designationverification',
            name='facts',
            field=models.JSONField(default=list, verbose_name='検証に使った事実'),
        ),
        migrations.AddField(
            model_name='designationverification',
            name='next_action',
            field=models.TextField(blank=True, verbose_name='支援の内容・交代の進め方'),
        ),
        migrations.AddField(
            model_name='designationverification',
            name='version',
            field=models.PositiveIntegerField(default=0, verbose_name='版'),
        ),
        migrations.AddField(
            model_name='policy',
            name='carried_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried_to', to='plans.policy', verbose_name='引き継いだ前期の施策'),
        ),
        migrations.AddField(
            model_name='policyevaluation',
            name='carried_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='次の取組をロードマップに加えた日時'),
        ),
        migrations.AddField(
            model_name='policyevaluation',
            name='changed_because',
            field=models.TextField(blank=True, verbose_name='評価を変えた理由'),
        ),
        migrations.AddField(
            model_name='policyevaluation',
            name='previous_note',
            field=models.TextField(blank=True, verbose_name='前年度の「次の取組」の結果'),
        ),
        migrations.AddField(
            model_name='policyevaluation',
            name='previous_outcome',
            field=models.CharField(blank=True, choices=[('', 'まだ書いていない'), ('done', '行った'), ('continued', '続ける'), ('dropped', '取りやめた')], max_length=10, verbose_name='前年度の「次の取組」'),
        ),
        migrations.AddField(
            model_name='policyevaluation',
            name='rule_judgement',
            field=models.CharField(choices=[('reached', 'A 達成'), ('on_course', 'B 順調'), ('behind', 'C 遅れ'), ('worse', 'D 悪化'), ('unknown', '判定できない')], default='unknown', max_length=10, verbose_name='決まりによる評価'),
        ),
        migrations.AddField(
            model_name='policyevaluation',
            name='rule_text',
            field=models.TextField(blank=True, verbose_name='決まりの当てはめ'),
        ),
        migrations.AddField(
            model_name='targetevaluation',
            name='actual_lower',
            field=models.FloatField(blank=True, null=True, verbose_name='実績値の95％信頼区間（下限）'),
        ),
        migrations.AddField(
            model_name='targetevaluation',
            name='actual_source',
            field=models.TextField(blank=True, help_text='資料名・版・アドレス', verbose_name='実績値の出典'),
        ),
        migrations.AddField(
            model_name='targetevaluation',
            name='actual_state',
            field=models.CharField(blank=True, help_text='observed、suppressed など', max_length=16, verbose_name='実績値の状態'),
        ),
        migrations.AddField(
            model_name='targetevaluation',
            name='actual_upper',
            field=models.FloatField(blank=True, null=True, verbose_name='実績値の95％信頼区間（上限）'),
        ),
        migrations.AddField(
            model_name='targetevaluation',
            name='carried_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='次の取組をロードマップに加えた日時'),
        ),
        migrations.AddField(
            model_name='targetevaluation',
            name='changed_because',
            field=models.TextField(blank=True, verbose_name='評価を変えた理由'),
        ),
        migrations.AddField(
            model_name='targetevaluation',
            name='expected_value',
            field=models.FloatField(blank=True, null=True, verbose_name='見込んだ値'),
        ),
        migrations.AddField(
            model_name='targetevaluation',
            name='is_manual',
            field=models.BooleanField(default=False, verbose_name='手で入力した値'),
        ),
        migrations.AddField(
            model_name='targetevaluation',
            name='previous_note',
            field=models.TextField(blank=True, verbose_name='前年度の「次の取組」の結果'),
        ),
        migrations.AddField(
            model_name='targetevaluation',
            name='previous_outcome',
            field=models.CharField(blank=True, choices=[('', 'まだ書いていない'), ('done', '行った'), ('continued', '続ける'), ('dropped', '取りやめた')], max_length=10, verbose_name='前年度の「次の取組」'),
        ),
        migrations.AddField(
            model_name='targetevaluation',
            name='rule_judgement',
            field=models.CharField(choices=[('reached', 'A 達成'), ('on_course', 'B 順調'), ('behind', 'C 遅れ'), ('worse', 'D 悪化'), ('unknown', '判定できない')], default='unknown', max_length=10, verbose_name='決まりによる評価'),
        ),
        migrations.AddField(
            model_name='targetevaluation',
            name='rule_text',
            field=models.TextField(blank=True, verbose_name='決まりの当てはめ'),
        ),
        migrations.AlterField(
            model_name='policyevaluation',
            name='judgement',
            field=models.CharField(choices=[('reached', 'A 達成'), ('on_course', 'B 順調'), ('behind', 'C 遅れ'), ('worse', 'D 悪化'), ('unknown', '判定できない')], max_length=10, verbose_name='評価'),
        ),
        migrations.AlterField(
            model_name='targetevaluation',
            name='judgement',
            field=models.CharField(choices=[('reached', 'A 達成'), ('on_course', 'B 順調'), ('behind', 'C 遅れ'), ('worse', 'D 悪化'), ('unknown', '判定できない')], max_length=10, verbose_name='評価'),
        ),
        migrations.AddConstraint(
            model_name='designationverification',
            constraint=models.CheckConstraint(condition=models.Q(('outcome', 'keep'), models.Q(('next_action', ''), _negated=True), _connector='OR'), name='verification_says_what_next'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('plan', 'carried_from'), name='policy_carried_once'),
        ),
        migrations.AddConstraint(
            model_name='policyevaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('judgement__in', ['behind', 'worse']), _negated=True), models.Q(models.Q(('cause', ''), _negated=True), models.Q(('next_action', ''), _negated=True)), _connector='OR'), name='policyevaluation_behind_says_why'),
        ),
        migrations.AddConstraint(
            model_name='policyevaluation',
            constraint=models.CheckConstraint(condition=models.Q(('judgement', models.F('rule_judgement')), models.Q(('changed_because', ''), _negated=True), _connector='OR'), name='policyevaluation_change_says_why'),
        ),
        migrations.AddConstraint(
            model_name='policyevaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('previous_outcome', 'continued'), _negated=True), models.Q(('next_action', ''), _negated=True), _connector='OR'), name='policyevaluation_continued_has_action'),
        ),
        migrations.AddConstraint(
            model_name='targetevaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('judgement__in', ['behind', 'worse']), _negated=True), models.Q(models.Q(('cause', ''), _negated=True), models.Q(('next_action', ''), _negated=True)), _connector='OR'), name='targetevaluation_behind_says_why'),
        ),
        migrations.AddConstraint(
            model_name='targetevaluation',
            constraint=models.CheckConstraint(condition=models.Q(('judgement', models.F('rule_judgement')), models.Q(('changed_because', ''), _negated=True), _connector='OR'), name='targetevaluation_change_says_why'),
        ),
        migrations.AddConstraint(
            model_name='targetevaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('previous_outcome', 'continued'), _negated=True), models.Q(('next_action', ''), _negated=True), _connector='OR'), name='targetevaluation_continued_has_action'),
        ),
        migrations.AddConstraint(
            model_name='targetevaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rule_judgement', 'unknown'), _negated=True), ('judgement', 'unknown'), _connector='OR'), name='target_unjudged_stays_unjudged'),
        ),
        migrations.AddConstraint(
            model_name='targetevaluation',
            constraint=models.CheckConstraint(condition=models.Q(('is_manual', False), models.Q(('actual_source', ''), _negated=True), _connector='OR'), name='target_manual_has_source'),
        ),
        migrations.AddField(
            model_name='planevaluation',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='記入者'),
        ),
        migrations.AddField(
            model_name='planevaluation',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='確定した人'),
        ),
        migrations.AddField(
            model_name='planevaluation',
            name='meeting',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plans.meeting', verbose_name='評価した協議の場'),
        ),
        migrations.AddField(
            model_name='planevaluation',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evaluations', to='plans.plan', verbose_name='計画'),
        ),
        migrations.AddConstraint(
            model_name='planevaluation',
            constraint=models.UniqueConstraint(fields=('plan', 'kind', 'year'), name='plan_evaluated_once'),
        ),
        migrations.AddConstraint(
            model_name='planevaluation',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'yearly'), _negated=True), fields=('plan', 'kind'), name='plan_evaluated_once_mid_term_and_final'),
        ),
        migrations.AddConstraint(
            model_name='planevaluation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='plan_evaluation_confirmed_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='planevaluation',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', True), models.Q(models.Q(('summary', ''), _negated=True), models.Q(('kind', 'yearly'), models.Q(models.Q(('conclusion', ''), _negated=True), models.Q(('direction', ''), _negated=True)), _connector='OR')), _connector='OR'), name='plan_evaluation_confirmed_has_summary'),
        ),
        watch("plans_planevaluation"),
    ]
