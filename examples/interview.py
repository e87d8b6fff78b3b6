#!/usr/bin/env python3
"""Asks the questions of a file, and writes the answers to answers.csv as they come.

usage: interview.py FILE [OPTION of mosaic-ai interview]...
"""

import csv
import json
import subprocess
import sys


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__.strip())
    command = ["mosaic-ai", "interview", "--questions", sys.argv[1], "-o", "ndjson", *sys.argv[2:]]
    with open("answers.csv", "w", encoding="utf-8", newline="") as file, \
            subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        rows = csv.writer(file)
        rows.writerow(["legacy", "question", "answer", "tokens", "replayed"])
        for line in process.stdout:
            event = json.loads(line)
            # There are other types of events, and there may be more: take what you know.
            if event["type"] == "answer":
                tokens = (event["usage"] or {}).get("total_tokens")
                rows.writerow(
                    [event["legacy_name"], event["question"], event["content"], tokens, event["replayed"]])
                file.flush()
            elif event["type"] == "summary":
                print(f"{event['answered']} answered now, {event['replayed']} before, {event['failed']} failed")
    # 75 means that running it again may help.
    sys.exit(process.returncode)


if __name__ == "__main__":
    main()
