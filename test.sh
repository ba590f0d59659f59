#!/usr/bin/env bash
# Runs every test. The test of the page wants a Chromium or Chrome: where there is none, Debian's is installed.
set -euo pipefail
cd "$(dirname "$0")"

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

if ! browser >/dev/null && command -v apt-get >/dev/null; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo"
  $as_root apt-get update -qq
  $as_root apt-get install -y -qq --no-install-recommends chromium
fi

exec cargo test --workspace --locked "$@"
