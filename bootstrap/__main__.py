"""`python3 -m bootstrap COMMAND`: set the project folder up, then hand over to the environment's own Python."""

from __future__ import annotations

import sys

if sys.version_info[:2] != (3, 11):
    sys.stderr.write(
        "Zaitaku: this needs Python 3.11, and this is Python {}.{} ({}). "
        "Install Python 3.11, or name it: make PYTHON=/path/to/python3.11 run\n"
        "         Python 3.11 が必要です。\n".format(*sys.version_info[:2], sys.executable)
    )
    raise SystemExit(1)

from bootstrap.handover import main
from bootstrap.problems import told_in_one_sentence

with told_in_one_sentence():
    main(sys.argv[1:])
