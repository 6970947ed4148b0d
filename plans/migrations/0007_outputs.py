"""Documents made from plans, and the Word templates of prefectures; both under watch but for what files hold."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from zaitaku.audit.watching import watch


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0001_initial'),
        ('plans', '0006_measure_of_a_target'),
        ('regions', '0005_adopted_schemes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanOutput',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('docx', '本文（Word）'), ('pdf', '本文（PDF）'), ('xlsx', '別表：圏域別の指標（Excel）'), ('figures', '図の一式（ZIP：SVG・PNG）'), ('all', 'すべて（ZIP）')], max_length=8, verbose_name='形式')),
                ('key', models.CharField(max_length=64, verbose_name='材料のハッシュ')),
                ('digest', models.CharField(max_length=64, verbose_name='内容のハッシュ（SHA-256）')),
                ('content', models.JSONField(blank=True, null=True, verbose_name='下書きの内容')),
                ('size', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='大きさ（バイト）')),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='依頼')),
                ('made_at', models.DateTimeField(blank=True, null=True, verbose_name='作成')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jobs.job', verbose_name='ジョブ')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='作成者')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outputs', to='plans.plan', verbose_name='計画')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outputs', to='plans.planversion', verbose_name='版')),
            ],
            options={
                'verbose_name': '出力した文書',
                'verbose_name_plural': '出力した文書',
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'key'), name='plan_output_once'), models.CheckConstraint(condition=models.Q(('key__regex', '^[0-9a-f]{64}$')), name='plan_output_key'), models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', False), ('version__isnull', True)), models.Q(('content__isnull', True), ('version__isnull', False)), _connector='OR'), name='plan_output_of_version_or_draft'), models.CheckConstraint(condition=models.Q(models.Q(('made_at__isnull', True), ('size__isnull', True)), models.Q(('made_at__isnull', False), ('size__isnull', False)), _connector='OR'), name='plan_output_made_has_size')],
            },
        ),
        migrations.CreateModel(
            name='WordTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filename', models.CharField(max_length=200, verbose_name='ファイル名')),
                ('content', models.BinaryField(verbose_name='ファイル')),
                ('digest', models.CharField(max_length=64, verbose_name='ハッシュ（SHA-256）')),
                ('at', models.DateTimeField(auto_now=True, verbose_name='登録')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登録者')),
                ('prefecture', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='word_template', to='regions.region', verbose_name='都道府県')),
            ],
            options={
                'verbose_name': 'Wordのひな形',
                'verbose_name_plural': 'Wordのひな形',
                'constraints': [models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='word_template_digest')],
            },
        ),
        watch("plans_planoutput", without=("content",)),
        watch("plans_wordtemplate", without=("content",)),
    ]
