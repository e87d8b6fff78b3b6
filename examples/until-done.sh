#!/bin/sh
# Runs an interview again and again until every question is answered, or running it again cannot help:
# until-done.sh OUTPUT OPTION… (the options are those of mosaic-ai interview)
#
# The output of each run is whole, so that of the last one is kept.
set -u

output=${1:?usage: until-done.sh OUTPUT OPTION…}
shift

status=75
for pause in 0 ${PAUSES:-60 300 900 3600}; do
  [ "$status" -eq 75 ] || break
  sleep "$pause"
  mosaic-ai interview "$@" >"$output.part"
  status=$?
  mv "$output.part" "$output"
done
exit "$status"
