#!/bin/sh
# Installs what building and testing need: Debian packages that are missing, and a virtual
# environment. Usage: tools/set_up.sh FOLDER
set -eu

folder=$1
python=${PYTHON:-python3}

if ! command -v swift > /dev/null; then
  echo "set_up: Swift is missing: install Swift 6.2 or later from https://swift.org/install" >&2
  echo "        and put its bin folder on the PATH" >&2
  exit 1
fi

missing=
for package in g++ binutils libturbojpeg0-dev python3-dev python3-venv qemu-user; do
  dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' ||
    missing="$missing $package"
done
if [ -n "$missing" ]; then
  echo "installing Debian packages:$missing"
  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo > /dev/null; then
      echo "set_up: these Debian packages are missing:$missing" >&2
      echo "        install them as root with: apt-get install$missing" >&2
      exit 1
    fi
    as_root=sudo
  fi
  $as_root apt-get update -q
  # Unquoted: a list of names.
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
fi

# bin/python is there before pip is: only pip shows that the environment was finished.
if ! "$folder/bin/python" -m pip --version > /dev/null 2>&1; then
  "$python" -m venv --clear "$folder"
fi
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r tools/requirements.txt
