#!/usr/bin/env bash
# Runs every test. The test of the page wants a Chromium or Chrome, that of the map's collections GDAL: where there is none,
# Debian's is installed.
set -euo pipefail
cd "$(dirname "$0")"

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

wanted=()
browser >/dev/null || wanted+=(chromium)
command -v ogrinfo >/dev/null || wanted+=(gdal-bin)

if [ "${#wanted[@]}" -gt 0 ] && command -v apt-get >/dev/null; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo"
  $as_root apt-get update -qq
  $as_root apt-get install -y -qq --no-install-recommends "${wanted[@]}"
fi

exec cargo test --workspace --locked "$@"
