#!/bin/sh
# Asks one question about one person, once: ask.sh NAME LEGACY QUESTION
#
# NAME is that of the conversation. However often this runs with the same words, the question is asked once; later runs
# print the stored answer. While trying again may help (75), it waits and tries again.
set -u

usage="usage: ask.sh NAME LEGACY QUESTION"
name=${1:?$usage} legacy=${2:?$usage} question=${3:?$usage}
key=$(printf '%s\n' "$name" "$legacy" "$question" | sha256sum | cut -d ' ' -f 1)

status=75
for pause in 0 ${PAUSES:-10 60 300}; do
  [ "$status" -eq 75 ] || break
  sleep "$pause"
  # Kept until it is whole: a reply that breaks off is asked for again.
  reply=$(mosaic-ai send --legacy "$legacy" --persona biographer --name "$name" --idempotency-key "$key" -- "$question")
  status=$?
done
[ "$status" -ne 0 ] || printf '%s\n' "$reply"
exit "$status"
