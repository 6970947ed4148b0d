"""What is asked before documents are made, and the prefecture's Word template."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from plans.exports.document import PlanDocument
from plans.models import PlanOutput, PlanVersion

DRAFT = "draft"
_MOST_BYTES = 5_000_000
_MOST_UNPACKED = 50_000_000
_TRIAL = PlanDocument(title="確認", subtitle="", marks=(), footer="", blocks=(), sources=())


class OutputForm(forms.Form):
    """Which version, in which forms."""

    version = forms.ChoiceField(label="版")
    kinds = forms.MultipleChoiceField(
        label="形式",
        choices=PlanOutput.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "形式を1つ以上選んでください。"},
    )

    def __init__(self, data: object = None, *, versions: Sequence[PlanVersion]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # Django's QueryDict
        shown = [(str(one.number), f"第{one.number}版（{one.get_state_display()}）") for one in versions]
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*shown, (DRAFT, "いまの内容（下書き）")]


class TemplateForm(forms.Form):
    """The Word file whose look documents take over."""

    file = forms.FileField(
        label="Wordのひな形（.docx）",
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        error_messages={"required": "ファイルを選んでください。", "empty": "ファイルが空です。"},
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Checked by making a document with it."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > _MOST_BYTES:
            raise ValidationError("ひな形は5MBまでです。画像を小さくするか、減らしてください。")
        check_template(file.read())
        file.seek(0)
        return file


def check_template(content: bytes) -> None:
    """Raise `ValidationError` for a file that no document can be made with."""
    from plans.exports.word import TemplateRefused, write_word

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise ValidationError("Word文書（.docx）ではありません。Wordで「.docx」として保存し直してください。") from None
    if sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise ValidationError("ひな形の中身が大きすぎます（展開して50MBまで）。画像を減らしてください。")
    if any(part.filename.endswith("vbaProject.bin") for part in parts):
        raise ValidationError("マクロを含むひな形は使えません。マクロのない「.docx」として保存し直してください。")
    try:
        write_word(_TRIAL, template=content)
    except TemplateRefused as refusal:
        raise ValidationError(str(refusal)) from refusal
