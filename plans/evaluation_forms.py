"""Forms of the evaluation. They only check; writing is done by `plans.actions.evaluations`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from plans.formulas.evaluation import POLICY, TARGET, Actual, Verdict, label_of
from plans.formulas.progress import BEHIND, UNKNOWN, WORSE
from plans.models import (
    DesignationVerification,
    EvaluationKind,
    Judgement,
    Plan,
    PlanEvaluation,
    PolicyEvaluation,
    PreviousOutcome,
    TargetEvaluation,
)
from plans.queries.evaluation_desk import PolicyDesk, TargetDesk, make_manual, verdict_on_target
from plans.queries.evaluations import OpenAction
from plans.topic_forms import as_typed, choose
from zaitaku.lib.fiscal_years import format_fiscal_year

_FOLLOW = "決まりのとおり"
_NUMBER = "数値を入力してください（例：12.5）。"


def _text(label: str, *, rows: int, needed: bool = False, help_text: str = "", error: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=needed,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": error} if error else None,
    )


class _EvaluationForm(forms.Form):
    """What policies and targets have in common; `verdict` is what the rule gives for what was entered."""

    subject = ""
    previous_outcome = forms.ChoiceField(
        label="前年度の「次の取組」はどうなりましたか", required=False, choices=PreviousOutcome.choices
    )
    previous_note = _text("その結果", rows=2, help_text="行ったこと、続ける理由、取りやめた理由など。")
    judgement = forms.ChoiceField(
        label="評価",
        required=False,
        help_text="ふつうは「決まりのとおり」。変えるときは、下に理由が必要で、変えたことは表と文書に出ます。",
    )
    changed_because = _text("評価を変えた理由", rows=2, help_text="決まりによる評価を変えるときだけ書きます。")
    cause = _text("要因", rows=3, help_text="なぜこの結果になったか。CとDでは必須です。")
    next_action = _text(
        "次の取組", rows=3, help_text="次の年度に何をするか。次の年度の評価に、確かめる項目として出ます。"
    )

    def __init__(self, *args: Any, verdict: Verdict, previous: OpenAction | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verdict = verdict
        if previous is None:
            del self.fields["previous_outcome"], self.fields["previous_note"]
        choose(self, "judgement", [("", _FOLLOW), *self._choices()])

    def _choices(self) -> list[tuple[str, str]]:
        return [(code, label_of(code, self.subject)) for code in Judgement.values]

    def clean(self) -> dict[str, Any]:
        """A judgement of one's own has a reason; C and D have a cause and an action; what goes on has an action."""
        cleaned = self.cleaned_data
        own = cleaned.get("judgement") or self.verdict.judgement
        if own != self.verdict.judgement and not cleaned.get("changed_because"):
            rule = label_of(self.verdict.judgement, self.subject)
            self.add_error("changed_because", f"決まりでは「{rule}」です。変える理由を入力してください。")
        if own in (BEHIND, WORSE):
            for name, words in (("cause", "要因"), ("next_action", "次の取組")):
                if not cleaned.get(name):
                    self.add_error(name, f"「{label_of(own, self.subject)}」のときは、{words}を入力してください。")
        if cleaned.get("previous_outcome") == PreviousOutcome.CONTINUED and not cleaned.get("next_action"):
            self.add_error("next_action", "前年度の取組を続けるときは、次の取組に書いてください。")
        return cleaned

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of the evaluation (after `is_valid`)."""
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith("manual_")}


def _initial(current: PolicyEvaluation | TargetEvaluation | None) -> dict[str, Any]:
    if current is None:
        return {}
    own = current.judgement if current.judgement != current.rule_judgement else ""
    names = ("previous_outcome", "previous_note", "changed_because", "cause", "next_action")
    return {name: getattr(current, name) for name in names} | {"judgement": own}


class PolicyEvaluationForm(_EvaluationForm):
    """A policy in a year."""

    subject = POLICY
    actual = _text(
        "実績",
        rows=4,
        needed=True,
        help_text="その年度に行ったこと。回数・人数・実施した圏域など、確かめられる事実を書きます。",
        error="実績を入力してください。行わなかったときは、そのことを書きます。",
    )
    field_order = ("actual", "previous_outcome", "previous_note")

    def __init__(self, *args: Any, desk: PolicyDesk, **kwargs: Any) -> None:
        initial = _initial(desk.current)
        initial["actual"] = desk.current.actual if desk.current else ""
        super().__init__(*args, verdict=desk.verdict, previous=desk.previous, initial=initial, **kwargs)


class TargetEvaluationForm(_EvaluationForm):
    """A target in a year; a figure by hand only where none is stored."""

    subject = TARGET
    manual_value = forms.FloatField(
        label="手で入力する値", required=False, min_value=0, error_messages={"invalid": _NUMBER}
    )
    manual_year = forms.IntegerField(label="その値の年度", required=False)
    manual_source = _text("その値の出典", rows=2, help_text="調査・資料の名称、発行者、時点、アドレス。")
    field_order = ("manual_value", "manual_year", "manual_source", "previous_outcome", "previous_note")

    def __init__(self, *args: Any, desk: TargetDesk, year: int, **kwargs: Any) -> None:
        self.desk, self.year = desk, year
        initial = _initial(desk.current)
        if desk.current and desk.current.is_manual:
            initial["manual_value"] = as_typed(desk.current.actual_value)
            initial |= {"manual_year": desk.current.actual_year, "manual_source": desk.current.actual_source}
        super().__init__(*args, verdict=desk.verdict, previous=desk.previous, initial=initial, **kwargs)
        if not desk.stored.may_enter:
            for name in ("manual_value", "manual_year", "manual_source"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The figure first, since the rule judges what was entered; then what all evaluations ask."""
        self._clean_manual()
        manual = self._manual_actual() or self.desk.stored.actual
        self.verdict = verdict_on_target(self.desk.target, manual, year=self.year)
        own = self.cleaned_data.get("judgement")
        if own and own != UNKNOWN and self.verdict.judgement == UNKNOWN:
            self.add_error("judgement", f"{self.verdict.text}値がないものを、手で判定することはできません。")
            return self.cleaned_data
        return super().clean()

    def _clean_manual(self) -> None:
        value, year = self.cleaned_data.get("manual_value"), self.cleaned_data.get("manual_year")
        if value is None:
            if year is not None or self.cleaned_data.get("manual_source"):
                self.add_error("manual_value", "年度や出典だけでなく、値も入力してください。")
            return
        first = self.desk.target.baseline_year + 1
        if year is None or not first <= year <= self.year:
            self.add_error("manual_year", f"{first}から{self.year}までの年度を入力してください。")
        if not self.cleaned_data.get("manual_source"):
            self.add_error("manual_source", "手で入力した値には、出典が必要です。")

    def _manual_actual(self) -> Actual | None:
        if self.manual is None:
            return None
        value, year, _ = self.manual
        return make_manual(value, year=year, decimals=self.desk.decimals)

    @property
    def manual(self) -> tuple[float, int, str] | None:
        """Value, year and source entered by hand, if all are there (after `is_valid`)."""
        value, year = self.cleaned_data.get("manual_value"), self.cleaned_data.get("manual_year")
        source = self.cleaned_data.get("manual_source", "")
        return (value, year, source) if value is not None and year is not None and source else None


class SheetForm(forms.Form):
    """What is written of a whole year."""

    summary = _text(
        "総括",
        rows=5,
        needed=True,
        help_text="この年度がどうだったか。進んだこと、遅れていること、その理由、次の年度に力を入れること。",
        error="総括を入力してください。",
    )
    opinions = _text("協議の場の意見と対応", rows=4, help_text="評価を示した会議で出た意見と、それにどうこたえるか。")
    meeting = forms.ChoiceField(label="評価を示した協議の場", required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        record: PlanEvaluation | None = kwargs.pop("record", None)
        kwargs["initial"] = _of_record(record, tuple(self.base_fields))
        super().__init__(*args, **kwargs)
        meetings = plan.meetings.filter(removed_at=None).order_by("-held_on")
        choose(self, "meeting", [("", "まだ示していない"), *((str(one.pk), str(one)) for one in meetings)])

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of the record (after `is_valid`)."""
        meeting = self.cleaned_data["meeting"]
        rest = {name: value for name, value in self.cleaned_data.items() if name not in ("meeting", "year")}
        return rest | {"meeting_id": int(meeting) if meeting else None}


def _of_record(record: PlanEvaluation | None, names: Sequence[str]) -> dict[str, Any]:
    if record is None:
        return {}
    found = {name: getattr(record, name) for name in names if name != "meeting"}
    return found | {"meeting": str(record.meeting_id or "")}


class WholeForm(SheetForm):
    """The mid-term or final evaluation of the plan, section by section."""

    year = forms.TypedChoiceField(label="どの年度までの実績か", coerce=int)
    outcome = _text(
        "住民・患者にとっての成果",
        rows=4,
        help_text="望む場所で療養し最期を迎えられる人が増えたか。分野アウトカムの指標から。",
    )
    structure = _text(
        "提供体制（圏域・医療機関・拠点）の評価",
        rows=4,
        help_text="圏域の区切り方、積極的役割を担う医療機関と拠点の働き、検証の結果（継続・支援・交代）。",
    )
    issues = _text("残された課題と要因", rows=4)
    direction = _text("今後の方向（次の年度・次期計画への反映）", rows=4, help_text="確定するときに必須です。")
    conclusion = forms.ChoiceField(
        label="結論", required=False, choices=[("", "まだ決めていない"), *PlanEvaluation.Conclusion.choices]
    )
    field_order = (
        "year",
        "summary",
        "outcome",
        "structure",
        "issues",
        "direction",
        "opinions",
        "meeting",
        "conclusion",
    )

    def __init__(self, *args: Any, plan: Plan, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        choose(self, "year", [(str(year), format_fiscal_year(year)) for year in plan.years])
        self.initial.setdefault("year", default_year(plan, kind))


def default_year(plan: Plan, kind: str) -> int:
    """Up to which year: half way for the mid-term evaluation, the last for the final one."""
    return plan.years[1] if kind == EvaluationKind.MID_TERM else plan.years[-1]


class VerificationForm(forms.Form):
    """Whether a designated body keeps its place."""

    outcome = forms.ChoiceField(
        label="結果",
        choices=[("", "選んでください"), *DesignationVerification.Outcome.choices],
        error_messages={"required": "継続・支援して継続・見直し（交代）のどれかを選んでください。"},
    )
    reason = _text("理由", rows=3, needed=True, help_text="どの事実から判断したか。", error="理由を入力してください。")
    next_action = _text(
        "支援の内容・交代の進め方",
        rows=3,
        help_text="「支援して継続」「見直し（交代）」では必須です。だれが、いつまでに、何をするか。",
    )

    def clean(self) -> dict[str, Any]:
        """What is not simply kept says what happens next."""
        outcome = self.cleaned_data.get("outcome")
        if outcome and outcome != DesignationVerification.Outcome.KEEP and not self.cleaned_data.get("next_action"):
            self.add_error("next_action", "継続でないときは、支援の内容か交代の進め方を入力してください。")
        return self.cleaned_data


class ReopenForm(forms.Form):
    """Why a confirmation is taken back."""

    reason = forms.CharField(label="確定を取り消す理由", max_length=500, required=False)


class CarryForm(forms.Form):
    """For each open action whether it goes into a roadmap, of which policy, in which words."""

    def __init__(self, *args: Any, actions: Sequence[OpenAction], policies: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.actions = actions
        choices = [("", "施策を選んでください"), *((str(pk), title) for pk, title in policies)]
        for one in actions:
            own = str(one.subject_id) if one.subject == POLICY else ""
            self.fields[f"pick_{one.key}"] = forms.BooleanField(label="加える", required=False)
            self.fields[f"policy_{one.key}"] = forms.ChoiceField(
                label="どの施策に", required=False, choices=choices, initial=own
            )
            self.fields[f"text_{one.key}"] = forms.CharField(
                label="ロードマップの内容", required=False, max_length=200, initial=" ".join(one.text.split())[:200]
            )

    def clean(self) -> dict[str, Any]:
        """What is ticked names a policy and says what is done."""
        for one in self.picked(self.cleaned_data):
            if not self.cleaned_data.get(f"policy_{one.key}"):
                self.add_error(f"policy_{one.key}", f"「{one.subject_name}」の取組を加える施策を選んでください。")
            if not self.cleaned_data.get(f"text_{one.key}"):
                self.add_error(f"text_{one.key}", f"「{one.subject_name}」の取組の内容を入力してください。")
        return self.cleaned_data

    def picked(self, given: dict[str, Any]) -> list[OpenAction]:
        """The actions that are ticked."""
        return [one for one in self.actions if given.get(f"pick_{one.key}")]

    @property
    def lines(self) -> list[tuple[OpenAction, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Each action with its three fields."""
        return [
            (one, self[f"pick_{one.key}"], self[f"policy_{one.key}"], self[f"text_{one.key}"]) for one in self.actions
        ]
