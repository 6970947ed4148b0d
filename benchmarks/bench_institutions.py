"""機関台帳: searching 100,000 bodies by name, kana, code and address, with and without filters; the checks of 北海道.

The bodies are invented from common parts of names, so that words hit from none to many thousands of them. Targets: p95
of one search with its count and page of 50 ≤ 50 ms.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
BODIES, SEARCHES, WARM_UP = 100_000, 300, 20
# fmt: off
FAMILY = (
    "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤", "吉田", "山田", "松本", "井上",
    "木村", "林", "斎藤", "清水", "山崎", "森",
)
KANA = ("サトウ", "スズキ", "タカハシ", "タナカ", "イトウ", "ワタナベ", "ヤマモト", "ナカムラ", "コバヤシ", "カトウ")
PLACE = (
    "中央", "北", "南", "東", "西", "本町", "駅前", "港", "緑", "泉", "旭", "桜", "若葉", "栄", "新", "みなと", "大通",
    "富士", "瑞穂", "光",
)
SORT = ("内科", "外科", "整形外科", "小児科", "眼科", "皮膚科", "在宅", "ホーム", "ファミリー", "総合")
FORM = ("医院", "クリニック", "病院", "診療所", "訪問看護ステーション", "薬局")
QUERIES = (
    "高橋", "タカハシ", "ﾀｶﾊｼ", "医院", "中央 クリニック", "訪問看護", "たなか", "本町1丁目", "無いはずの名前",
    "さくら 在宅", "病院", "0110", "東 内科 医院", "クリニック", "港",
)
# fmt: on


def main() -> None:
    """Measure and print one line a target."""
    sys.path.insert(0, str(CHECKOUT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaitaku.settings")
    import django

    django.setup()
    from django.db import connection

    configured = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        _fill()
        _measure()
    finally:
        connection.creation.destroy_test_db(configured, verbosity=0)


def _fill() -> None:
    """100,000 bodies in 47 prefectures, the same in every run."""
    from django.db import connection

    from institutions.formulas.folding import search_text
    from regions.models import Region

    nation = Region.objects.create(kind="nation", code="00", name="全国")
    prefectures = Region.objects.bulk_create(
        Region(kind="prefecture", code=f"{i:02}", name=f"県{i}", parent=nation) for i in range(1, 48)
    )
    chance = random.Random(7)
    columns = "kind, name, kana, code, address, search_text, prefecture_id, position, is_entered, is_demo, note"
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY institutions_body ({columns}) FROM STDIN") as copy:
            for serial in range(BODIES):
                name = "".join(chance.choice(parts) for parts in (PLACE, FAMILY, SORT, FORM))
                kana = chance.choice(KANA)
                home = chance.choice(prefectures)
                code = f"{home.code}1{serial:07d}"
                address = f"{chance.choice(PLACE)}市{chance.choice(PLACE)}町{chance.randint(1, 9)}丁目{serial % 99}番"
                folded = search_text(name=name, kana=kana, code=code, address=address)
                copy.write_row(("clinic", name, kana, code, address, folded, home.pk, "none", True, False, ""))
        cursor.execute("SELECT gin_clean_pending_list('body_search')")  # as `follow_registers` does
        cursor.execute("ANALYZE institutions_body")


def _measure() -> None:
    from institutions.queries.bodies import BodyQuery, search_bodies

    chance = random.Random(11)
    seconds = []
    for number in range(SEARCHES + WARM_UP):
        query = BodyQuery(
            words=QUERIES[number % len(QUERIES)],
            prefecture=f"{chance.randint(1, 47):02}" if number % 3 == 0 else "",
            page=1 + number % 3,
        )
        started = time.perf_counter()
        search_bodies(query)
        if number >= WARM_UP:
            seconds.append((time.perf_counter() - started) * 1000)
    ordered = sorted(seconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(
        f"search among {BODIES:,} bodies, median: {ordered[len(ordered) // 2]:.1f} ms; p95 {p95:.1f} ms (target ≤ 50)"
    )


if __name__ == "__main__":
    main()
