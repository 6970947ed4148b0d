"""Figures as published (Observation) and as computed from them (IndicatorValue)."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from indicators.citation_models import Citation as Citation
from indicators.group_models import SavedGroup as SavedGroup
from indicators.group_models import SavedGroupVersion as SavedGroupVersion
from indicators.peer_models import PeerGroup as PeerGroup
from indicators.peer_models import PeerStanding as PeerStanding
from indicators.similarity_models import AreaTypeChange as AreaTypeChange
from regions.models import Region
from zaitaku.accounts.models import User
from zaitaku.sources.models import SourceFile


class Status(models.IntegerChoices):
    """What a figure is. Zero is OBSERVED; the ways of having no number stay different down to the last CSV cell."""

    OBSERVED = 1, "公表値"
    PROVISIONAL = 2, "暫定値"
    SUPPRESSED = 3, "秘匿"
    MISSING = 4, "データなし"
    NOT_APPLICABLE = 5, "対象外"


HAS_VALUE = (Status.OBSERVED, Status.PROVISIONAL)


class Basis(models.TextChoices):
    """Where a count is counted: at the provider or at the patient's home."""

    PROVIDER = "provider", "医療機関所在地"
    RESIDENT = "resident", "住所地"
    NONE = "none", "該当なし"


class Item(models.Model):
    """What a published figure counts, e.g. `ndb.claims.114001110` (往診料の算定回数) or `notification.支援診3`."""

    code = models.CharField("項目コード", max_length=80, unique=True)
    name = models.CharField("名称", max_length=200)
    unit = models.CharField("単位", max_length=20)
    basis = models.CharField("集計の基準", max_length=10, choices=Basis, default=Basis.NONE)
    counts_people = models.BooleanField("人数", default=False, help_text="患者など人の数。秘匿の規則の対象")

    class Meta:
        verbose_name = "項目"
        verbose_name_plural = "項目"

    def __str__(self) -> str:
        return self.name


class Observation(models.Model):
    """One figure as published, with the sheet and cell it stands in. Never changed; a newer edition adds rows."""

    # No index of their own: `observation_once` serves look-ups by item and region, a block-range index those by source,
    # whose rows lie together. That the keys exist, and stay, is checked by triggers once a statement (migration 0005):
    # foreign keys look up every row, and made loading a file six times slower (docs/decisions/0013).
    source = models.ForeignKey(
        SourceFile,
        on_delete=models.PROTECT,
        related_name="observations",
        verbose_name="出典",
        db_index=False,
        db_constraint=False,
    )
    item = models.ForeignKey(
        Item,
        on_delete=models.PROTECT,
        related_name="observations",
        verbose_name="項目",
        db_index=False,
        db_constraint=False,
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="observations",
        verbose_name="地域",
        db_index=False,
        db_constraint=False,
    )
    year = models.PositiveSmallIntegerField("年（度）")
    stratum = models.CharField(
        "内訳", max_length=16, blank=True, help_text="空欄は全体。性年齢は M65-69・F90-・T85-89、月は 2022-04"
    )
    value = models.FloatField("値", null=True, blank=True)
    status = models.PositiveSmallIntegerField("状態", choices=Status, default=Status.OBSERVED)
    sheet = models.PositiveSmallIntegerField("シート", default=0, help_text="資料の sheets の番号（0から）")
    row = models.PositiveIntegerField("行", default=0, help_text="1から。0はセルによらない（集計）")
    column = models.PositiveSmallIntegerField("列", default=0, help_text="1から。0はセルによらない（集計）")

    class Meta:
        verbose_name = "観測値"
        verbose_name_plural = "観測値"
        constraints = [
            models.UniqueConstraint(fields=["item", "region", "year", "stratum", "source"], name="observation_once"),
            models.CheckConstraint(
                name="observation_value_iff_status",
                condition=Q(status__in=[1, 2], value__isnull=False) | Q(status__in=[3, 4, 5], value__isnull=True),
            ),
        ]
        indexes = [BrinIndex(fields=["source"], name="observation_source_brin")]

    def __str__(self) -> str:
        return f"{self.item} {self.region} {self.year}"


class InputChange(models.Model):
    """When the figures of an item in a year last changed: stored, removed, or their source withdrawn or reinstated.

    Kept by triggers in the transaction of the change (migration 0007), whoever makes it; the engine compares these few
    rows instead of summing up the observations. All of the population is one row, `POPULATION` of year 0.
    """

    POPULATION = "population"

    name = models.CharField("項目コード", max_length=80)
    year = models.PositiveSmallIntegerField("年（度）")
    changed_at = models.DateTimeField("変更日時")

    class Meta:
        verbose_name = "入力の変更"
        verbose_name_plural = "入力の変更"
        constraints = [models.UniqueConstraint(fields=["name", "year"], name="input_change_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


class Indicator(models.Model):
    """A definition file as it stands in the database; the file is the truth, this row is its index and version."""

    code = models.CharField("指標コード", max_length=20, unique=True)
    version = models.PositiveSmallIntegerField("版")
    digest = models.CharField("定義のハッシュ", max_length=64)
    name = models.CharField("名称", max_length=200)
    name_kana = models.CharField("名称（ひらがな）", max_length=400)
    definition = models.JSONField("定義")
    input_digest = models.CharField(
        "入力のハッシュ", max_length=64, blank=True, help_text="値を計算したときの定義・資料・地域。空欄は未計算"
    )
    computed_at = models.DateTimeField("計算日時", null=True, blank=True)
    computed_version = models.PositiveSmallIntegerField(
        "値の版", null=True, blank=True, help_text="いまの値を計算した定義の版。空欄は未計算"
    )

    class Meta:
        verbose_name = "指標"
        verbose_name_plural = "指標"

    def __str__(self) -> str:
        return self.name


class IndicatorYear(models.Model):
    """What stands behind the values of an indicator in one year: the denominator in words, and the source files."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="years", verbose_name="指標")
    year = models.PositiveSmallIntegerField("年（度）")
    denominator_note = models.CharField("分母の注記", max_length=200, blank=True)
    source_ids = models.JSONField("出典", default=list, help_text="資料の番号、版の古い順")
    input_digest = models.CharField(
        "入力のハッシュ", max_length=64, blank=True, help_text="この年の値を計算したときの定義・資料・地域"
    )

    class Meta:
        verbose_name = "指標の年"
        verbose_name_plural = "指標の年"
        constraints = [models.UniqueConstraint(fields=["indicator", "year"], name="indicator_year_once")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"


class IndicatorValue(models.Model):
    """An indicator for one region and year, computed from observations; replaced as a whole by the next computation.

    Its key is all there is to index, and the two references are kept by Django alone (`db_constraint=False`): a
    surrogate key, its index and two foreign-key triggers a row made the COPY of these derived rows ten times slower
    (docs/decisions/0022). The engine writes only ids that it reads in the same computation.
    """

    class Reason(models.IntegerChoices):
        """Why there is no value (0 = there is one)."""

        NONE = 0, ""
        NOT_IMPORTED = 1, "未取込（この都道府県の資料がまだありません）"
        NO_SOURCE = 2, "データ未整備（出典となる資料がありません）"
        NUMERATOR_SUPPRESSED = 3, "公表時に秘匿されています"
        NO_DENOMINATOR = 4, "分母（人口等）がありません"
        ZERO_DENOMINATOR = 5, "分母が0のため計算できません"
        NOT_COVERED = 6, "構成する市区町村で過不足なく集計できません"
        NOT_PUBLISHED_AT_LEVEL = 7, "この地域区分では公表されていません"
        CONTRADICTORY = 8, "資料の値が矛盾しています（負の数、端数のある人数・か所数、または分子が分母より大きい）"
        PUBLISHED_AS_MISSING = 9, "資料に数値が載っていません（「…」など）"
        PUBLISHED_AS_NOT_APPLICABLE = 10, "資料で対象外とされています"
        SMALL_NUMBER = 11, "秘匿（小さい数）"
        COULD_BE_WORKED_OUT = 12, "秘匿（他から計算できるため）"

    pk = models.CompositePrimaryKey("indicator_id", "year", "region_id")
    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.PROTECT,
        related_name="values",
        verbose_name="指標",
        db_constraint=False,
        db_index=False,
    )
    indicator_version = models.PositiveSmallIntegerField("定義の版")
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="indicator_values",
        verbose_name="地域",
        db_constraint=False,
        db_index=False,
    )
    year = models.PositiveSmallIntegerField("年（度）")
    value = models.FloatField("値", null=True)
    numerator = models.FloatField("分子", null=True)
    denominator = models.FloatField("分母", null=True)
    lower = models.FloatField("95%信頼区間（下限）", null=True)
    upper = models.FloatField("95%信頼区間（上限）", null=True)
    status = models.PositiveSmallIntegerField("状態", choices=Status)
    reason = models.PositiveSmallIntegerField("値がない理由", choices=Reason, default=Reason.NONE)

    class Meta:
        verbose_name = "指標値"
        verbose_name_plural = "指標値"
        constraints = [
            models.CheckConstraint(
                name="indicator_value_iff_status",
                condition=Q(status__in=[1, 2], value__isnull=False, reason=0)
                | Q(status__in=[3, 4, 5], value__isnull=True, reason__gt=0),
            ),
            models.CheckConstraint(
                name="indicator_value_interval",
                condition=Q(lower__isnull=True) | Q(upper__isnull=True) | Q(lower__lte=F("upper")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.region} {self.year}"


class Publication(models.Model):
    """One attempt to make the counts of people of one family of items (回答者 and 満足) and year public.

    What may be shown is decided and attacked for all regions and area schemes at once. A refused attempt is kept with
    the cells that could be worked out; the current publication, if there is one, stays.
    """

    class Result(models.TextChoices):
        PASSED = "passed", "公表可"
        REFUSED = "refused", "公表不可"

    family = models.CharField("項目", max_length=80, help_text="まとめて秘匿する項目の全体（回答者など）のコード")
    year = models.PositiveSmallIntegerField("年（度）")
    digest = models.CharField("入力のハッシュ", max_length=64, help_text="数値・地域・規則。同じなら計算し直さない")
    result = models.CharField("監査の結果", max_length=8, choices=Result)
    is_current = models.BooleanField("現在の公表", default=False)
    cells = models.PositiveIntegerField("検査したセル", default=0)
    primary = models.PositiveIntegerField("秘匿（小さい数）", default=0)
    secondary = models.PositiveIntegerField("秘匿（他から計算できるため）", default=0)
    programmes = models.PositiveIntegerField("解いた計画問題", default=0)
    problem = models.TextField("公表できない理由", blank=True, help_text="分かってしまうセルの名前")
    made_at = models.DateTimeField("実施日時", auto_now_add=True)

    class Meta:
        verbose_name = "人数の公表"
        verbose_name_plural = "人数の公表"
        constraints = [
            models.UniqueConstraint(
                fields=["family", "year"], condition=Q(is_current=True), name="publication_one_current"
            ),
            models.CheckConstraint(
                name="publication_current_has_passed", condition=Q(is_current=False) | Q(result="passed")
            ),
            models.CheckConstraint(
                name="publication_refused_says_why",
                condition=Q(result="passed", problem="") | (Q(result="refused") & ~Q(problem="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.year}（{self.get_result_display()}）"


class Protection(models.Model):
    """One count of people that a publication hides, and why."""

    class State(models.IntegerChoices):
        PRIMARY = 1, "秘匿（小さい数）"
        SECONDARY = 2, "秘匿（他から計算できるため）"

    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, related_name="protections", verbose_name="人数の公表"
    )
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="protections", verbose_name="項目")
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="protections", verbose_name="地域", db_index=False
    )
    state = models.PositiveSmallIntegerField("理由", choices=State)

    class Meta:
        verbose_name = "秘匿する人数"
        verbose_name_plural = "秘匿する人数"
        constraints = [models.UniqueConstraint(fields=["publication", "item", "region"], name="protection_once")]

    def __str__(self) -> str:
        return f"{self.item} {self.region}"


class OwnIndicator(models.Model):
    """An indicator that a prefecture defined for itself, through the schema of the official ones (docs/decisions/0024).

    The definition here is the newest version. While it is a draft it has no values; a retired one keeps them unseen.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "下書き"
        PUBLISHED = "published", "公開"
        RETIRED = "retired", "廃止"

    code = models.CharField("指標コード", max_length=7, unique=True)
    prefecture_code = models.CharField("都道府県コード", max_length=2)
    state = models.CharField("状態", max_length=9, choices=State, default=State.DRAFT)
    version = models.PositiveSmallIntegerField("版", default=1)
    digest = models.CharField("定義のハッシュ", max_length=64)
    definition = models.JSONField("定義")
    changed_at = models.DateTimeField("最後の変更", auto_now=True)

    class Meta:
        verbose_name = "都道府県の独自の指標"
        verbose_name_plural = "都道府県の独自の指標"
        constraints = [
            models.CheckConstraint(
                name="own_indicator_code_names_prefecture",
                condition=Q(code__regex=r"^P[0-9]{2}_[0-9]{3}$")
                & Q(code__startswith=Concat(Value("P"), F("prefecture_code"), Value("_"))),
            ),
            models.CheckConstraint(
                name="own_indicator_state_known", condition=Q(state__in=["draft", "published", "retired"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.definition.get('name', '')}"


class DefinitionChange(models.Model):
    """One line in the history of an indicator's definition: a version as it was saved, or a step of its life.

    Lines are only ever added; those of a draft go with the draft. Official definitions change with the program (`by` is
    empty then).
    """

    class Kind(models.TextChoices):
        SAVED = "saved", "定義を保存"
        PUBLISHED = "published", "公開"
        RETIRED = "retired", "廃止"
        REINSTATED = "reinstated", "廃止の取り消し"

    code = models.CharField("指標コード", max_length=20)
    version = models.PositiveSmallIntegerField("版")
    kind = models.CharField("種類", max_length=10, choices=Kind, default=Kind.SAVED)
    definition = models.JSONField("定義", null=True, blank=True)
    at = models.DateTimeField("日時", auto_now_add=True)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="変更した人"
    )

    class Meta:
        verbose_name = "定義の変更"
        verbose_name_plural = "定義の変更"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], condition=Q(kind="saved"), name="definition_version_saved_once"
            ),
            models.CheckConstraint(
                name="definition_change_saved_says_what",
                condition=Q(kind="saved", definition__isnull=False) | (~Q(kind="saved") & Q(definition__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["code", "at"], name="definition_change_of_code")]

    def __str__(self) -> str:
        return f"{self.code} 第{self.version}版 {self.get_kind_display()}"
