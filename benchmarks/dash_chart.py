"""The other side of `bench_views`: one chart in Dash, served by granian as our own site is ($ZAITAKU_DASH_FIGURE)."""

from __future__ import annotations

import json
import os
from pathlib import Path

from dash import Dash, dcc, html

figure = json.loads(Path(os.environ["ZAITAKU_DASH_FIGURE"]).read_text(encoding="utf-8"))
app = Dash("zaitaku-benchmark", serve_locally=True)
app.layout = html.Main([html.H1("在宅療養支援診療所数"), dcc.Graph(figure=figure)])
server = app.server
