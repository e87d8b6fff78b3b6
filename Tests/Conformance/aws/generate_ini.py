#!/usr/bin/env python3
"""Lets botocore read odd configuration files and writes the files and what it read, as JSON.

    generate_ini.py ini.json                  the committed files
    generate_ini.py FILE --random N           N random ones more

The bytes are in base64. `sections` is what `raw_config_parse` gives, `profiles`, `sso_sessions` and `services` are what
`load_config` gives; all are null if botocore refuses the file. Needs botocore; the tests that read the file do not.
"""

import argparse
import base64
import os
import pathlib
import random
import sys
import tempfile

import botocore
import botocore.configloader
from botocore.exceptions import ConfigParseError

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from cases import write_cases

FIXED = [
    b"",
    b"\n\n",
    b"[a]",
    b"[a]\n[b]\n[a b]\n",
    b"[a]\nx\n",
    b"[a]\n=x\n",
    b"[a]\n:x\n",
    b"[a]\nx=\n",
    b"[a]\nx:\n",
    b"[a]\nx = y = z : w\n",
    b"[a]\nx : y = z\n",
    b"[a]]\nx=1\n",
    b"[]]\nx=1\n",
    b"[]\nx=1\n",
    b"[a\nx=1\n",
    b"a]\nx=1\n",
    b"[a] trailing\nx=1\n",
    b"[a]b]c\nx=1\n",
    b"[ a ]\nx=1\n",
    b"  [a]\n  x=1\n    y=2\n  z=3\n",
    b"[a]\nx=1\n  [b]\ny=2\n",
    b"[a]\nx=1\n\ty\n\n\n\tz\n\n",
    b"[a]\nx=1\n# c\n  y\n  # c\n  z\n; c\n",
    b"[a]\nx = # not a comment\ny = 1 ; nor this\n",
    b"[a]\nx=\n\n  k=v\n",
    b"[a]\nx=\n  k=v\n  l = w=z\n  k = again\n",
    b"[a]\nx=\n  k\n",
    b"[a]\nx=\n  =v\n",
    b"[a]\nx=\n  k=v\x0bl=w\x0cm=x\n",
    b"[a]\nx=\n  k=v\xc2\x85l=w\xe2\x80\xa8m=x\n",
    b"[a]\nx=y\n  k=v\n",
    b"[DEFAULT]\nx=1\n[a]\ny=2\n[b]\nx=3\n",
    b"[DEFAULT]\nx=1\n[DEFAULT]\ny=1\n[a]\n",
    b"[DEFAULT]\nx=1\n[DEFAULT]\nx=1\n[a]\n",
    b"[a]\n[DEFAULT]\nx=\n  k=v\n",
    b"[default]\nx=1\n[Default]\nx=2\n",
    b"[a]\nX=1\nx=2\n",
    b"[a]\nX Y=1\n",
    b"[a]\n\xc3\x89=1\n\xc3\xa9=2\n",
    b"[a]\n\xc2\xa0x\xc2\xa0=\xc2\xa0y\xc2\xa0\n",
    b"[a]\n\x1cx=\x1dy\x1e\n",
    b"[a]\r\nx=1\r\n  y\r\n\r\n[b]\r\n",
    b"[a]\rx=1\r  y\r[b]\r",
    b"[a]\n\rx=1\n",
    b"[a]\nx=\xff\n",
    b"\xfe\xff[a]\n",
    b"[a]\nx=\xc3\n",
    b"[a]\nx=\0\n\0=y\n",
    b"[profile x]\na=1\n[x]\na=2\n",
    b"[profile x]\na=1\n[profile 'x']\nb=2\n",
    b"[profile \"x y\"]\na=1\n",
    b"[profile x\\ y]\na=1\n",
    b"[profile 'x]\na=1\n",
    b"[profile x y]\na=1\n",
    b"[profile]\na=1\n",
    b"[profile '']\na=1\n",
    b"[profilex y]\na=1\n",
    b"[profile\tx]\na=1\n",
    b"[profile \"a\\\"b\\c\"]\na=1\n",
    b"[profile #x]\na=1\n",
    b"[profile default]\na=1\n[default]\nb=2\n",
    b"[default]\nb=2\n[profile default]\na=1\n",
    b"[sso-session x]\na=1\n[sso-sessionx y]\nb=1\n",
    b"[services x]\nsts =\n  endpoint_url = http://x\n",
    b"[profile x]\ns3 =\n  a = 1\nregion = r\n",
    b"[preview]\nx=1\n[plugins]\ny=2\n",
    b"x=1\n[a]\n",
    b"# c\n\n; d\n  x\n",
]

PIECES = [
    "[a]", "[b]", "[default]", "[DEFAULT]", "[profile a]", "[profile b]", "[profile 'c d']", '[profile "e]', "[sso-session s]", "[services s]", "[profile a] x",
    "x = 1", "y=2", "x: 3", "z =", "w:", "k = v = w", "Key = Value", "region = eu-west-1", "no delimiter", "= empty", "a = [b]", "é = ü", "  x = 4", "\ty = 5",
    "    z = 6", "  continued", "   more = than", "# comment", "  # indented comment", "; comment", "key = value # not", "", "  ", "\t", "[", "]", "[x", "  [c]",
    "v = \u00a0 nbsp \u00a0", "u = a\u2028b", "t = a\x0bb", "  n = a\x0bm = b", "q = 'quoted'", "[ a ]", "s3 =", "  endpoint_url = http://x", "\u3000wide = 1", "x y = z", "-x = 1",
]


def random_file(source):
    count = source.randrange(1, 9)
    lines = [source.choice(PIECES) for _ in range(count)]
    if source.random() < 0.7:
        lines.insert(0, source.choice(PIECES[:11]))
    if source.random() < 0.5:  # each header and key once, so that more files are readable
        seen = set()
        lines = [line for line in lines if not (line.strip() and (line.strip() in seen or seen.add(line.strip())))]
    text = source.choice(["\n", "\n", "\n", "\r\n", "\r"]).join(lines) + source.choice(["", "\n"])
    return text.encode()


def read(contents):
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(contents)
    try:
        sections = botocore.configloader.raw_config_parse(file.name)
        config = botocore.configloader.load_config(file.name)
        return {"sections": sections, **{name: config[name] for name in ["profiles", "sso_sessions", "services"]}}
    except ConfigParseError:
        return {name: None for name in ["sections", "profiles", "sso_sessions", "services"]}
    finally:
        os.unlink(file.name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--random", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    source = random.Random(arguments.seed)
    files = FIXED + [random_file(source) for _ in range(arguments.random)]
    cases = [{"contents": base64.b64encode(contents).decode(), **read(contents)} for contents in files]
    write_cases(arguments.file, cases, botocore=botocore.__version__)


if __name__ == "__main__":
    main()
