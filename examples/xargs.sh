#!/bin/sh
# Asks one question about everyone in names.txt, eight people at a time: xargs.sh NAME QUESTION < names.txt
#
# A person who is not there yet is added. Each answer goes to answers/ID.txt once it is whole, named by the person's id,
# since a name may contain a slash. Ends with 123 if any of them failed; run it again then.
set -eu

usage="usage: xargs.sh NAME QUESTION < names.txt"
name=${1:?$usage} question=${2:?$usage}
ask=$(cd "$(dirname "$0")" && pwd)/ask.sh
mkdir -p answers

# shellcheck disable=SC2016 # the inner shell expands them
grep -v '^[[:space:]]*$' | tr '\n' '\0' | xargs -0 -n 1 -P 8 sh -c '
  id=$(mosaic-ai legacies add -q -- "$4") &&
  "$1" "$2" "$id" "$3" > "answers/$id.part" &&
  mv "answers/$id.part" "answers/$id.txt"
' sh "$ask" "$name" "$question"
