#!/bin/sh
# Adds handwriting fonts of npm's @fontsource (SIL Open Font License and Apache-2.0) to .cache/fonts, as TrueType.
# Needs npm, and Python with fonttools and brotli (PYTHON names another interpreter than the project's).
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-$root/.venv/bin/python}
out=$root/.cache/fonts
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$out"
for name in architects-daughter caveat covered-by-your-grace gloria-hallelujah handlee indie-flower kalam \
    patrick-hand permanent-marker reenie-beanie shadows-into-light; do
    [ -s "$out/$name.ttf" ] && continue
    (cd "$scratch" && npm pack --silent "@fontsource/$name" >/dev/null && tar xzf ./fontsource-"$name"-*.tgz)
    "$python" - "$scratch/package/files/$name-latin-400-normal.woff2" "$out/$name.ttf" <<'PY'
import sys

from fontTools.ttLib import TTFont

font = TTFont(sys.argv[1])
font.flavor = None
font.save(sys.argv[2])
PY
    rm -rf "$scratch/package"
    echo "$name"
done
