"""Cited figures, which nobody changes or deletes, whoever writes to the database."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_STAYS = """
CREATE FUNCTION indicators_citation_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a citation is never changed or deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER citation_stays BEFORE UPDATE OR DELETE ON indicators_citation
  FOR EACH ROW EXECUTE FUNCTION indicators_citation_stays();
"""
_MAY_CHANGE = """
DROP TRIGGER citation_stays ON indicators_citation;
DROP FUNCTION indicators_citation_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0010_peer_standings'),
        ('regions', '0005_adopted_schemes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='引用日時')),
                ('prefecture_code', models.CharField(blank=True, max_length=2, verbose_name='どの県のための引用か')),
                ('indicator_code', models.CharField(max_length=20, verbose_name='指標コード')),
                ('indicator_name', models.CharField(max_length=200, verbose_name='指標名')),
                ('indicator_version', models.PositiveSmallIntegerField(verbose_name='定義の版')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年（度）')),
                ('region_name', models.CharField(max_length=100, verbose_name='地域名')),
                ('measure', models.CharField(max_length=5, verbose_name='値の種類')),
                ('figure', models.JSONField(verbose_name='値')),
                ('unit', models.CharField(blank=True, max_length=60, verbose_name='単位')),
                ('sources', models.JSONField(help_text='資料の名前と版', verbose_name='出典')),
                ('area_edition', models.CharField(blank=True, max_length=200, verbose_name='圏域の版')),
                ('as_of', models.DateField(blank=True, null=True, verbose_name='データ時点')),
                ('address', models.CharField(help_text='ホスト名を除くURL', max_length=1000, verbose_name='画面の場所')),
                ('text', models.TextField(verbose_name='引用文')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to=settings.AUTH_USER_MODEL, verbose_name='引用した人')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region', verbose_name='地域')),
            ],
            options={
                'verbose_name': '引用',
                'verbose_name_plural': '引用',
                'indexes': [models.Index(fields=['made_by', '-made_at'], name='citation_of_user'), models.Index(fields=['prefecture_code', '-made_at'], name='citation_of_prefecture')],
                'constraints': [models.CheckConstraint(condition=models.Q(('measure__in', ['rate', 'count'])), name='citation_measure_known'), models.CheckConstraint(condition=models.Q(('prefecture_code__regex', '^([0-9]{2})?$')), name='citation_prefecture_shape')],
            },
        ),
        migrations.RunSQL(_STAYS, _MAY_CHANGE),
    ]
