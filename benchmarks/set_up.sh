#!/bin/sh
# Makes the virtual environment of the benchmarks, or of the comparison with other programs.
# Usage: benchmarks/set_up.sh FOLDER [REQUIREMENTS]
#
# PyTorch's CPU build is looked for where pip is configured to look, then in PyTorch's own index.
set -eu

folder=$1
requirements=${2:-benchmarks/requirements.txt}
python=${PYTHON:-python3}
torch_index=https://download.pytorch.org/whl/cpu

if [ ! -x "$folder/bin/python" ]; then "$python" -m venv "$folder"; fi
install() { "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps "$@"; }

if install -r "$requirements" 2> /dev/null; then exit; fi
grep -v -e '^#' -e '^$' "$requirements" | while read -r line; do
  install "$line" 2> /dev/null ||
    case $line in
      *+cpu) install --index-url "$torch_index" "$line" 2> /dev/null ;;
      *) false ;;
    esac ||
    echo "set_up: $line cannot be had and is left out" >&2
done
