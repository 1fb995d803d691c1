"""Write the sha256 of every registered data file into data/registry.toml, after a rebuild.

python scripts/register.py
"""

import hashlib
import re
import tomllib
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"


def main() -> None:
    """Update the registry in place; comments and order stay."""
    registry = DATA / "registry.toml"
    text = registry.read_text(encoding="utf-8")
    for name, table in tomllib.loads(text).items():
        digest = hashlib.sha256((DATA / table["path"]).read_bytes()).hexdigest()
        section = re.compile(rf"(\[{re.escape(name)}\][^\[]*?sha256 = \")[0-9a-f]*(\")")
        text, found = section.subn(rf"\g<1>{digest}\g<2>", text, count=1)
        print(f"{name}: {digest}" if found else f"{name}: no sha256 line")
    registry.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
