"""Where every figure came from: the official file as it was published, and the imports that took it in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class SourceFile(models.Model):
    """One edition of one official file. It is never changed; a newer edition is a new row."""

    class Kind(models.TextChoices):
        """What the file is, as recognised by its content; one value a parser, and one for what was worked out here."""

        MUNICIPALITY_CODES = "municipality_codes", "全国地方公共団体コード"
        STANDARD_AREA_CODES = "standard_area_codes", "標準地域コード"
        AREA_MEMBERSHIP = "area_membership", "二次医療圏・構想区域の構成市区町村"
        AREA_PARENTS = "area_parents", "構想区域と二次医療圏の対応"
        POPULATION_BY_AGE = "population_by_age", "住民基本台帳年齢階級別人口"
        POPULATION_MOVEMENT = "population_movement", "住民基本台帳人口動態"
        POPULATION_PROJECTION = "population_projection", "地域別将来推計人口"
        HOME_VISIT_DEMAND = "home_visit_demand", "訪問診療需要推計"
        REGIONAL_VISION = "regional_vision", "地域医療構想"
        NOTIFICATION_LIST = "notification_list", "届出受理医療機関名簿"
        NDB_OPEN_DATA = "ndb_open_data", "NDBオープンデータ C在宅医療"
        FACILITY_INFORMATION = "facility_information", "医療情報ネット"
        CARE_SERVICE = "care_service", "介護サービス情報公表システム"
        FACILITY_SURVEY = "facility_survey", "医療施設調査"
        REGIONAL_DATA_SET = "regional_data_set", "在宅医療にかかる地域別データ集"
        BOUNDARIES = "boundaries", "行政区域"
        PREFECTURE_SURVEY = "prefecture_survey", "都道府県独自調査"
        COMPUTED = "computed", "このシステムの計算"

    kind = models.CharField("種類", max_length=30, choices=Kind)
    key = models.CharField("資料キー", max_length=120, help_text="種類・地域・時点から決まる、版ごとの名前")
    publisher = models.CharField("公表者", max_length=100)
    title = models.CharField("資料名", max_length=200)
    edition = models.CharField("版", max_length=100, blank=True)
    as_of = models.DateField("時点", null=True, blank=True)
    licence = models.CharField("利用条件", max_length=200)
    url = models.CharField("掲載場所", max_length=500, blank=True)
    filename = models.CharField("ファイル名", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("バイト数")
    retrieved_on = models.DateField("取得日")
    sheets = models.JSONField("シート名", default=list, help_text="セル位置を示すための、ファイル内の順のシート名")
    prefecture_code = models.CharField("都道府県コード", max_length=2, blank=True, help_text="1県だけの資料のとき")
    withdrawn_at = models.DateTimeField(
        "取消日時", null=True, blank=True, help_text="取込を取り消した資料の値は、どこにも使わない"
    )

    class Meta:
        verbose_name = "資料"
        verbose_name_plural = "資料"
        constraints = [
            models.UniqueConstraint(fields=["key", "sha256"], name="source_file_once"),
            models.CheckConstraint(name="source_file_sha256_shape", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]
        indexes = [models.Index(fields=["kind", "as_of"], name="source_file_kind_as_of")]

    def __str__(self) -> str:
        return f"{self.title} {self.edition}".strip()


class RowChange(models.Model):
    """What an import did to one row of a register: the row as it was, so that the import can be undone.

    Written by database triggers (`zaitaku.sources.row_changes`) while a source is stored, never by the application.
    """

    class Operation(models.TextChoices):
        INSERT = "insert", "追加"
        UPDATE = "update", "変更"
        DELETE = "delete", "削除"

    source = models.ForeignKey(SourceFile, on_delete=models.CASCADE, related_name="row_changes", verbose_name="資料")
    table_name = models.CharField("表", max_length=63)
    row_id = models.BigIntegerField("行")
    operation = models.CharField("操作", max_length=6, choices=Operation)
    before = models.JSONField("変更前", null=True, blank=True)

    class Meta:
        verbose_name = "行の変更"
        verbose_name_plural = "行の変更"
        constraints = [
            models.CheckConstraint(
                name="row_change_before_iff_not_insert",
                condition=Q(operation="insert", before__isnull=True)
                | Q(operation__in=["update", "delete"], before__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["table_name", "row_id"], name="row_change_row")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id}: {self.get_operation_display()}"


class ImportRun(models.Model):
    """One attempt to take a file in: what was taken, what was refused and why."""

    class Status(models.TextChoices):
        APPLIED = "applied", "取込済"
        UNCHANGED = "unchanged", "変更なし"
        DRY_RUN = "dry_run", "試行"
        REFUSED = "refused", "取込不可"
        UNDONE = "undone", "取消済"

    source = models.ForeignKey(
        SourceFile, on_delete=models.PROTECT, null=True, blank=True, related_name="runs", verbose_name="資料"
    )
    filename = models.CharField("ファイル名", max_length=200)
    status = models.CharField("結果", max_length=10, choices=Status)
    started_at = models.DateTimeField("開始")
    finished_at = models.DateTimeField("終了")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="実行者",
    )
    counts = models.JSONField("件数", default=dict, help_text="取り込んだ件数、項目名ごと")
    problems = models.JSONField("指摘", default=list, help_text="シート・セル・文字列・理由の一覧")

    class Meta:
        verbose_name = "取込"
        verbose_name_plural = "取込"
        constraints = [
            models.CheckConstraint(
                name="import_run_ends_after_start", condition=Q(finished_at__gte=models.F("started_at"))
            ),
            models.CheckConstraint(
                name="import_run_applied_has_source", condition=~Q(status="applied") | Q(source__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["-started_at"], name="import_run_recent")]

    def __str__(self) -> str:
        return f"{self.filename}: {self.get_status_display()}"


class LoadedFixture(models.Model):
    """Which state of a family of fixtures (`fixtures/regions`, …) the database holds: it is not loaded twice."""

    family = models.CharField("種類", max_length=40, unique=True)
    digest = models.CharField("ハッシュ", max_length=64)
    loaded_at = models.DateTimeField("読込", auto_now=True)

    class Meta:
        verbose_name = "読み込んだ基礎データ"
        verbose_name_plural = "読み込んだ基礎データ"

    def __str__(self) -> str:
        return self.family
