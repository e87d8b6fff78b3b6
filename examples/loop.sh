#!/bin/sh
# Asks every question of a file about one person, in order, and prints the answers: loop.sh LEGACY FILE
#
# Stop it whenever you like, and run it again: what is answered is printed and not asked again.
set -eu

usage="usage: loop.sh LEGACY FILE"
legacy=${1:?$usage} file=${2:?$usage}
name=$(basename "$file" .txt)

while IFS= read -r question || [ -n "$question" ]; do
  case $question in *[![:space:]]*) ;; *) continue ;; esac
  printf '## %s\n\n' "$question"
  # With its message on the command line, send does not read the loop's standard input.
  "$(dirname "$0")/ask.sh" "$name" "$legacy" "$question"
  echo
done <"$file"
