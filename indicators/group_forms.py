"""Making a group: what was ticked, pasted or uploaded → units and a name, with what is wrong in sentences."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from indicators.groups import LONGEST_NAME, ChosenUnits, split_words
from indicators.queries.groups import choose
from zaitaku.lib.prefectures import prefecture

LONGEST_QUERY = 16_000
MOST_FILE_BYTES = 100_000
_LONGEST_PASTE = 4_000
_ENCODINGS = ("utf-8-sig", "cp932")


class GroupBuilder:
    """The state of the page: the ticked units, the pasted list, the prefecture whose municipalities are listed."""

    def __init__(self, data: QueryDict, *, own_prefecture: str = "") -> None:
        self.problems: list[str] = []
        if len(data.urlencode()) > LONGEST_QUERY:
            self.problems.append("入力が長すぎて読み取れません。市区町村を選び直してください。")
            data = QueryDict()
        named = data.get("prefecture", own_prefecture)
        self.prefecture = named if prefecture(named) else ""
        if named and not self.prefecture:
            self.problems.append(f"都道府県コード「{named[:20]}」はありません。01から47までの2桁です。")
        self.name = data.get("name", "").strip()[:LONGEST_NAME]
        self.key = data.get("key", "")[:20]
        words = [code for given in data.getlist("unit") for code in given.split(".") if code]
        words += split_words(data.get("paste", ""))
        # What was pasted and could not be read stays in the box; what was read is among the chosen.
        self.paste = data.get("paste", "")[:_LONGEST_PASTE]
        self.is_asked = bool(words) or "chosen" in data
        self.chosen: ChosenUnits = choose(tuple(dict.fromkeys(words))) if self.is_asked else ChosenUnits(units=())
        self.problems += self.chosen.problems
        if not self.chosen.problems:
            self.paste = ""

    @property
    def outside(self) -> tuple[str, ...]:
        """Chosen units that the listed prefecture's boxes do not hold, to be handed on."""
        return tuple(code for code in self.chosen.codes if code[:2] != self.prefecture)


class GroupNameForm(forms.Form):
    """Name and members of a group to be saved; `key` names the group that is changed."""

    name = forms.CharField(
        label="地域グループの名前",
        max_length=LONGEST_NAME,
        error_messages={
            "required": "名前を入れてください。後から変えられます。",
            "max_length": f"名前は{LONGEST_NAME}文字までです。",
        },
    )
    units = forms.CharField(label="市区町村", max_length=4_000)
    key = forms.CharField(required=False, max_length=12)

    def clean_units(self) -> ChosenUnits:
        chosen = choose([code for code in str(self.cleaned_data["units"]).split(".") if code])
        if chosen.problems:
            raise forms.ValidationError(list(chosen.problems))
        return chosen


class GroupFileForm(forms.Form):
    """A list of municipalities as CSV or text: any column may hold the codes or names."""

    file = forms.FileField(
        label="市区町村の一覧（CSV）",
        error_messages={"required": "ファイルを選んでください。", "empty": "ファイルが空です。"},
    )

    def clean_file(self) -> str:
        """The text of the file."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_FILE_BYTES:
            raise forms.ValidationError("ファイルが大きすぎます（100KBまで）。コードの列だけにしてください。")
        content: bytes = file.read()
        for encoding in _ENCODINGS:
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise forms.ValidationError("文字コードを読み取れません。CSV（UTF-8かシフトJIS）で保存してください。")
