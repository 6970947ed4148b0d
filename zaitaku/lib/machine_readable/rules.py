"""The rules that a program can check, in our own words and order; the numbers are ours, not those of the document."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Rule(enum.Enum):
    """What a machine-readable file has to be. The value is the rule as the official reads it."""

    FORMAT = "ファイルの形式がCSV・XLSX・Parquet・ZIPである"
    FILE_NAME = "ファイル名が英数字と下線だけで、空白や記号がない"
    ENCODING = "文字コードがUTF-8（BOM付き）かcp932として読める"
    HEADER_FIRST = "1行目が見出しで、その上に表題や空行がない"
    HEADER_FILLED = "見出しに空欄がない"
    HEADER_UNIQUE = "同じ見出しが2つない"
    HEADER_PLAIN = "見出しに改行や余分な空白がない"
    LONG_FORM = "年度や地域が見出しに並ばない（縦持ち）"
    HAS_ROWS = "データの行がある"
    ONE_TABLE = "1つのシート・ファイルに表は1つだけ（空行や余分な列で区切られていない）"
    SAME_WIDTH = "どの行も見出しと同じ列数である"
    ONE_VALUE = "1つのセルに値は1つ（改行がない）"
    NO_PADDING = "空白で体裁を整えていない"
    NO_CONTROL = "制御文字や外字がない"
    NUMBER_PLAIN = "数値の列に、単位・桁区切り・記号・注記・全角数字・指数表記がない"
    NUMBER_TYPED = "数値の列の型が数値である"
    CODE_TEXT = "コードの列の型が文字列である"
    CODE_WIDTH = "コードの先頭の0が残っている"
    YEAR_WESTERN = "年・年度が西暦4桁である"
    DATE_ISO = "日付がYYYY-MM-DDである"
    UNIT_COLUMN = "単位が値と別の列にある"
    REGION_CODED = "地域コードと地域名が別々の列にそろっている"
    HIDDEN_EMPTY = "隠した値は空欄で、区分が別の列にある"
    GAP_EXPLAINED = "値が空欄の行に理由がある"
    NO_MERGED = "セルの結合がない"
    NO_FORMULA = "数式がない（値になっている）"
    NO_OBJECT = "図形・画像・グラフ・コメントがない"
    NO_HIDDEN_PART = "非表示のシート・行・列がない"
    CODEBOOK = "すべての列の説明（コードブック）が一緒にある"
    SOURCE = "出典と利用条件が一緒にある"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken at one place (`data.csv 3行目 値`)."""

    rule: Rule
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}：{self.reason}（{self.rule.value}）"
