#!/bin/sh
# Runs two commands side by side. What the second says follows when both have ended.
set -u
said=$(mktemp)
trap 'rm -f "$said"' EXIT

sh -c "$2" >"$said" 2>&1 &
second=$!
sh -c "$1"
first_status=$?
wait "$second"
second_status=$?

cat "$said"
[ "$first_status" -eq 0 ] && [ "$second_status" -eq 0 ]
