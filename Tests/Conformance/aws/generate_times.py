#!/usr/bin/env python3
"""Lets botocore read odd times and writes the texts and the moments it read, as JSON.

    generate_times.py times.json                  the committed texts
    generate_times.py FILE --random N             N random ones more

`moment` is when credentials expire whose `Expiration` is that text; null if botocore cannot use them. `differs` says why
we refuse what botocore takes. Needs botocore; the tests that read the file do not.
"""

import argparse
import datetime
import os
import pathlib
import random
import sys
import time
import warnings

import botocore
from botocore.credentials import RefreshableCredentials

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from cases import write_cases

SAME = """\
2030-01-31T12:34:56Z
2030-01-31T12:34:56+0000
20300131T123456Z
2030-01-31T12:34:56 UTC
2030-01-31 12:34:56 UTC
2030-01-31T12:34:56UTC
2030-01-31T12:34:56GMT
2030-01-31t12:34:56z
2030-01-31 12:34:56Z
2030-01-31 12:34:56+00:00
2030-01-31 12:34:56 +00:00
2030-01-31T12:34:56+00
2030-01-31T12:34:56-05
2030-01-31T12:34:56+5
2030-01-31T12:34:56+05:30
2030-01-31T12:34:56-0330
2030-01-31T12:34:56+23:59
2030-01-31T12:34:56+24:00
2030-01-31T12:34:56+99:99
2030-01-31T12:34:56−08:00
2030-01-31T12:34Z
2030-01-31T12Z
2030-01-31Z
2030-01-31
2030-01-31T12:34:56
2030-01-31 12:34:56
2030-01-31T12:34:56.1Z
2030-01-31T12:34:56.123Z
2030-01-31T12:34:56.999999Z
2030-01-31T12:34:56.123456789Z
2030-01-31T12:34:56,123Z
2030-01-31T12:34:56.Z
2030-01-31T12:34:56.123 UTC
2030-01-31T12:34:56.123+01:00
20300131T123456+0000
20300131T1234Z
20300131T12Z
20300131123456Z
203001311234Z
20300131123456
20300131 123456Z
20300131T12:34:56Z
2030-01-31T123456Z
20300131T123456.123Z
20300131
Thu, 31 Jan 2030 12:34:56 GMT
Thu, 1 Jan 2030 12:34:56 GMT
Fri, 31 Jan 2030 12:34:56 GMT
THU, 31 JAN 2030 12:34:56 GMT
thu, 31 jan 2030 12:34:56 GMT
Thu 31 Jan 2030 12:34:56 GMT
Thu,31 Jan 2030 12:34:56 GMT
Thu, 31 Jan 2030 12:34 GMT
Thu, 31 Jan 2030 12:34:56 -0500
Thu, 31 Jan 2030 12:34:56 +0000 (UTC)
Thu, 31 Jan 2030 12:34:56 UT
Thu, 31 Jan 2030 12:34:56
Thursday, 31 January 2030 12:34:56 GMT
Thursday, 31-Jan-30 12:34:56 GMT
Thursday, 31-Jan-2030 12:34:56 GMT
31 Jan 2030 12:34:56 GMT
1 September 2030 12:34:56 UTC
1 Sept 2030 12:34:56 UTC
31-Jan-2030 12:34:56 GMT
Thu Jan 31 12:34:56 UTC 2030
Thu Jan  3 12:34:56 UTC 2030
Thu Jan 31 12:34:56 2030
Thu Jan 31 12:34:56 2030 UTC
Thu Jan 31 12:34:56 2030 +0000
Thu Jan 31 12:34:56 AM UTC 2030
Thu Jan 31 12:34:56 PM UTC 2030
Thu 31 Jan 2030 01:34:56 PM UTC
Jan 31 2030 12:34:56 UTC
Jan 31, 2030 12:34:56 UTC
January 31, 2030 12:34 PM UTC
2030-01-31 12:34 AM UTC
2030-01-31 13:34 PM UTC
2030-01-31 00:34 AM UTC
2030/01/31 12:34:56 UTC
2030.01.31 12:34:56 UTC
2030-Jan-31 12:34:56 UTC
2030-1-2T3:4:5Z
2030-01-31T12:34:56 Z
2030-01-31T12:34:56 EST
2030-01-31T12:34:56 utc
2030-01-31T12:34:56+0000 (UTC)
2030-01-31T12:34:56Z (UTC)
2030-01-31T24:00:00Z
2030-01-31T23:59:60Z
2030-01-31T25:00:00Z
2030-01-31T12:60:00Z
2030-13-01T00:00:00Z
2030-00-01T00:00:00Z
2030-02-29T00:00:00Z
2028-02-29T00:00:00Z
2030-W05-4T00:00:00Z
2030-031T00:00:00Z
0001-01-01T00:00:00Z
9999-12-31T23:59:59Z
10000-01-01T00:00:00Z
1896093296
1896093296.5
1896093296000
soon
never

2030-01-31T12:34:56Zx
x2030-01-31T12:34:56Z
2030-01-31T12:34:56Z 2030-01-31T12:34:56Z
2030-01-31T12:34:56++00:00
2030-01-31T12:34:56+00:00:00
2030-01-31T12:34:56+000000
2030-01-31T12:34:56+000
2030-01-31TT12:34:56Z
2030-01-31_12:34:56Z
2030-01-31T12-34-56Z
2030-01-31T12.34.56Z
2030-01-31  12:34:56   UTC
2030-01-31T12:34:56 UTC+00:00
2030-01-31T12:34:56 UTC+0
2030-01-31T12:34:56UTC-00:00
2030-01-31T12:34:56 UTC +00:00
2030-01-31T12:34:56Z+00:00
2030-01-31T12:34:56GMT+0000
2030-01-31T12:34:56 GMT+0000 (UTC)
2030-01-31T12:34:56 GMT+0000 (Coordinated Universal Time)
2030-01-31 12:34:56 +0000 UTC
2030-01-31, 12:34:56 UTC
2030-01-31,12:34:56 UTC
31 Jan 2030, 12:34:56 UTC
Thu, 31 Jan 2030, 12:34:56 UTC
Jan 31, 2030, 12:34:56 PM UTC
12:34:56 UTC 2030-01-31
12:34:56 2030-01-31 UTC
12:34:56 2030-01-31
12:34:56 UTC, 2030-01-31
12:34:56.5 UTC 2030/01/31
12:34:56, 2030-01-31 UTC
12:34:56,5 2030-01-31 UTC
12:34 31 Jan 2030 UTC
12:34 PM UTC Thu, 31 Jan 2030
12:34:56 -0500 2030-01-31
12:34:56+00:00 31-Jan-30
12:34:56 UTC+00:00 2030-01-31
12:34:56 UTC 2030-02-30
Thu, 31 Jan 30 12:34:56 GMT
Thu, 31 Jan 00 12:34:56 GMT
31 January 30 12:34:56 UTC
31-Jan-40 12:34:56 UTC
01 Jan 30 12:34:56 UTC
Thu Jan 31 12:34:56 +0000 2030
Thu 31 Jan 12:34:56 UTC 2030
Thu 31 Jan 12:34:56 2030 UTC
Thu 31 Jan 12:34:56 PM UTC 2030
31 Jan 12:34:56 +0100 2030
Thu 2030-01-31 12:34:56 UTC
Thu, 2030-01-31 12:34:56 UTC
Thu 20300131 12:34:56 UTC
Thu 12:34:56 UTC 2030-01-31
2030-01-31 12:34:56 -0500 (EST)
2030-01-31 12:34:56 +0000 (EST)
2030-01-31 12:34:56 -0500 (est)
2030-01-31 12:34:56 -0500 (EST
2030-01-31 12:34:56 -0500 ()
01/31/2030 12:34:56 UTC
31/01/2030 12:34:56 UTC
1/31/2030 12:34:56 PM +00:00
1/31/2030, 12:34:56 PM UTC
1/31/2030, 12:34:56 AM UTC
Thu 1/31/2030 12:34 Z
31.1.2030 12:34:56 UTC
31-01-2030 12:34:56 UTC
01-31-2030 12:34:56 UTC
01/01/2030 12:34:56 UTC
31/31/2030 12:34:56 UTC
13/13/2030 12:34:56 UTC
2/30/2030 12:34:56 UTC
2030-01-31 1PM UTC
2030-01-31 12 am UTC
2030-01-31 13 PM UTC
January 31, 2030 at 12:34 PM UTC
2030-01-31 at 12:34:56 UTC
31st January 2030 12:34:56 UTC
Jan 1st, 2030 12:34:56 UTC
2nd Jan 2030 12:34:56 UTC
Jan 3rd 12:34:56 UTC 2030""".split("\n") + [" 2030-01-31T12:34:56Z\n", "\t2030-01-31T12:34:56Z \r\n"]

DIFFERENT = {
    "the order of day and month is a guess": [
        "01/02/2030 12:34:56 UTC", "2/1/2030 12:34:56 PM +00:00", "12-11-2030 12:34:56 UTC",
        "01 02 2030 12:34:56 UTC", "30-01-02T12:34:56Z",
    ],
    "a part of the date is missing, and today's would be taken": [
        "T12:34:56Z", "12:34:56Z", "12:34:56 UTC", "2030-01T12:34:56Z", "2030T12:34:56Z",
    ],
    "the sign of the offset means the opposite to other readers": [
        "2030-01-31T12:34:56 UTC+3", "2030-01-31T12:34:56 GMT-03:00", "2030-01-31T12:34:56Z+01:00",
    ],
    "the offset is not that of the zone": ["2030-01-31T12:34:56 -0030 (UTC)"],
    "an offset has no more than 59 minutes": ["2030-01-31T12:34:56+00:60"],
    "nobody writes times like that": [
        "2030 Jan 31 12:34:56 UTC", "2030 01 31 12:34:56 UTC", "2030-01-31 12h34m56s UTC",
        "31 Jan 12:34:56 UTC 30", "31/01-2030 12:34:56 UTC", "2030-01-31 12 UTC",
        "Thu Thu 2030-01-31 12:34:56 UTC",
        "２０３０-01-31T12:34:56Z", "2030-01-31,, 12:34:56 UTC", "31 Jan 030 12:34:56 UTC",
        "2030-01-31T12:34:56 UTC+00:00+00:00",
    ],
}  # fmt: skip

DATES = [
    "2030-01-02", "20300102", "2030/1/2", "2 Jan 2030", "Wed, 02 Jan 2030", "Jan 2 2030", "January 2, 2030",
    "02-Jan-2030", "02 Jan 30", "2030-12-31", "2028-02-29", "1/31/2030", "31.01.2030", "Wed 2030-01-02",
]
CLOCKS = ["03:04:05", "3:04", "23:59:59.999", "23:59:59,5", "030405", "12:00:00 AM", "12:00 pm"]
ZONES = ["Z", "UTC", "GMT", "+00:00", "UTC+00:00", "GMT-0", "+0100", "-11", "+14:00", "z", "+0000 (UTC)"]
BAD_DATES, BAD_CLOCKS, BAD_ZONES = ["2030-02-30", "31 Apr 2030"], ["24:00:00", "00:00:60"], ["", "EST", "+25:00"]


def random_text(source):
    """A date, a clock and a zone in an order that we claim to read, some of them impossible."""

    def choice(usual, bad):
        return source.choice(bad if source.random() < 0.1 else usual)

    date, clock, zone = choice(DATES, BAD_DATES), choice(CLOCKS, BAD_CLOCKS), choice(ZONES, BAD_ZONES)
    has_half = clock[-1] in "Mm"
    # `12:00 AMUTC+00:00` would be in a zone of the name AMUTC.
    gap = " " * source.randint(1 if has_half else 0, 1)
    space = source.choice(["", "", ","]) + " " * source.randint(1, 2)
    if ":" in clock and date[0].isdigit() and not date.isdigit() and source.random() < 0.2:
        if source.random() < 0.5:
            return clock + space + date + " " + zone
        return clock + gap + zone + space + date
    between = "T" if date[:4].isdigit() and not has_half and source.random() < 0.5 else space
    return date + between + clock + gap + zone


def moment(text):
    """When credentials expire that say so, as botocore understands it."""
    metadata = {"access_key": "a", "secret_key": "s", "token": "t", "expiry_time": text}
    try:
        credentials = RefreshableCredentials.create_from_metadata(metadata, lambda: metadata, "test")
        credentials.refresh_needed()
        expiry = credentials._expiry_time.astimezone(datetime.timezone.utc)
    except Exception:
        return None
    return f"{expiry.year:04d}{expiry.strftime('-%m-%dT%H:%M:%S')}.{expiry.microsecond // 1000:03d}Z"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--random", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    # dateutil knows the names of the local zone.
    os.environ["TZ"] = "UTC0"
    time.tzset()
    warnings.simplefilter("ignore")
    source = random.Random(arguments.seed)
    texts = SAME + [random_text(source) for _ in range(arguments.random)]
    cases = [{"text": text, "moment": moment(text)} for text in texts]
    for reason, texts in DIFFERENT.items():
        for text in texts:
            if moment(text) is None:
                raise SystemExit(f"botocore refuses it too: {text}")
            cases.append({"text": text, "differs": reason})
    write_cases(arguments.file, cases, botocore=botocore.__version__)


if __name__ == "__main__":
    main()
