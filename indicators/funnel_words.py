"""What a funnel plot says in plain Japanese. Pure."""

from __future__ import annotations

from indicators.formulas.funnels import Funnel
from indicators.results import IndicatorResult
from zaitaku.lib.statistics.funnels import Signal

SIGNALS = {
    Signal.HIGH_ALARM: "99.8％限界の外（高い）",
    Signal.HIGH_WARNING: "95％限界の外（高い）",
    Signal.NOT_SIGNIFICANT: "限界の内",
    Signal.LOW_WARNING: "95％限界の外（低い）",
    Signal.LOW_ALARM: "99.8％限界の外（低い）",
    Signal.NOT_APPLICABLE: "判定できない",
}


def target_name(funnel: Funnel) -> str:
    """What the funnel stands around."""
    return f"値のある{len(funnel.points)}地域の合計" if funnel.is_pooled else "全国"


def target_label(funnel: Funnel) -> str:
    """The name beside the line in the middle."""
    short = "地域の合計" if funnel.is_pooled else "全国"
    return f"{short} {funnel.target:,.1f}"


def make_funnel_finding(funnel: Funnel, result: IndicatorResult) -> str:
    """How many lie outside and where the own region lies."""
    unit = result.unit.partition("/")[0]
    start = f"{target_name(funnel)}（{funnel.target:,.1f}{unit}）を中心とすると、"
    counted = f"{len(funnel.points)}地域のうち{funnel.outside(2)}地域が99.8％限界の外にあります。"
    own = next((row for row in result.rows if row.is_own), None)
    point = funnel.point(own.code) if own else None
    return start + counted + (f"{own.name}は{SIGNALS[point.signal]}です。" if own and point else "")


def funnel_notes(funnel: Funnel) -> tuple[str, ...]:
    """How to read it, and what overdispersion means where there is any."""
    notes = [
        "点が1つの地域です。▲▼は99.8％限界の外、○は内、◆は目印をつけた県を示します。分母が小さい地域ほど、偶然で大きく動きます。",
        "限界の内の差は、偶然だけでも起こります。地域の差がなくても、95％限界の外には20地域に1つ、"
        "99.8％限界の外には500地域に1つほどが出ます。",
    ]
    if funnel.is_overdispersed:
        notes.append(
            f"過分散：地域どうしのばらつきは偶然だけの約{funnel.dispersion.phi:,.1f}倍です。体制や患者の違いなど、"
            f"共通の要因で広くばらついています。そのばらつきも見込むと、99.8％限界の外は{funnel.outside_adjusted}地域です。"
        )
    return tuple(notes)
