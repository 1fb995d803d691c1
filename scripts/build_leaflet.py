"""Put Leaflet into static/leaflet, so that maps need no internet.

Downloads the npm package by name (`npm` must be installed), checks its sha256 and copies what the
dashboard serves. The comment that points to a source map is dropped: browsers would ask for a file
that is not shipped.

Run: python scripts/build_leaflet.py
"""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "leaflet@1.9.4"
SHA256 = "84c65a256e50657896f54c33bd857b6849ebe94c817803be818bf32a3dde0b77"
TARGET = Path(__file__).resolve().parents[1] / "static" / "leaflet"
COPIED = (
    "LICENSE",
    "dist/leaflet.js",
    "dist/leaflet.css",
    "dist/images/layers.png",
    "dist/images/layers-2x.png",
    "dist/images/marker-icon.png",
    "dist/images/marker-icon-2x.png",
    "dist/images/marker-shadow.png",
)
SOURCE_MAP = b"//# sourceMappingURL="


def download(folder: Path) -> Path:
    """Fetch the package into `folder` and check that it is the one we know."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is missing: install Node.js (Debian: apt-get install npm)")
    subprocess.run([npm, "pack", PACKAGE, "--silent", "--pack-destination", str(folder)], check=True)
    (archive,) = folder.glob("*.tgz")
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{PACKAGE}: sha256 is {found}, expected {SHA256}")
    return archive


def without_source_map(content: bytes) -> bytes:
    """Drop the last line if it only points to a source map."""
    head, mark, tail = content.rpartition(SOURCE_MAP)
    return head.rstrip() + b"\n" if mark and b"\n" not in tail.strip() else content


def main() -> None:
    """Download, check, copy."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(download(Path(folder))) as archive:
        for name in COPIED:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{PACKAGE} holds no {name}")
            target = TARGET / name.removeprefix("dist/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(without_source_map(member.read()))
    for path in sorted(TARGET.rglob("*.*")):
        print(path.relative_to(TARGET.parent).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
