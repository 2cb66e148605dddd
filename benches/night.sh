#!/usr/bin/env bash
# Tries odd text of every format until it is stopped or something fails: `benches/night.sh [CASES]`, in rounds of so
# many of each (20,000 unless told), each round with others. Ends with what failed, as the least text that shows it.
# Built as a release, which tries ten times as many in a night, with what a release leaves out of it: sums that
# overflow and assertions end a run here.
set -euo pipefail
cd "$(dirname "$0")/.."
export GUIDEPOST_CASES=${1:-20000}
export CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
cargo test --locked --release --test suite --no-run
for ((round = 1; ; round++)); do
  printf 'round %d, %s cases of each format, %d s\n' "$round" "$GUIDEPOST_CASES" "$SECONDS"
  nice -n 19 cargo test --locked --release --quiet --test suite -- fuzz:: accounting:: parsing::
done
