#!/bin/sh
# Asks every question of a file about several people with GNU parallel: parallel.sh FILE LEGACY…
#
# The answers go to answers.csv, and answers.log tells how each question went. The questions about one person come in any
# order. Run it again after whatever stopped it: what is answered is not asked again.
set -eu

file=${1:?usage: parallel.sh FILE LEGACY…}
shift
name=$(basename "$file" .txt)

grep '[^[:space:]]' "$file" |
  parallel --will-cite --quote --jobs "${JOBS:-4}" --joblog answers.log --results answers.csv --halt soon,fail=10 \
    "$(dirname "$0")/ask.sh" "$name" '{2}' '{1}' :::: - ::: "$@"
