#!/usr/bin/env python3
"""Signs requests with botocore's own SigV4Auth and writes what it made of them, as JSON.

    generate_sigv4.py sigv4.json          the committed cases
    generate_sigv4.py FILE --random N     N random requests, for a comparison at length

Each case: the request as it is before signing, key, date, and botocore's canonical request, string to sign and
`Authorization` header. Needs botocore; the tests that read the file do not.
"""

import argparse
import datetime
import pathlib
import random
import sys
from unittest import mock
from urllib.parse import quote

import botocore
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from cases import write_cases

DATES = [
    datetime.datetime(2026, 11, 23, 6, 13, 2),
    datetime.datetime(1999, 12, 31, 23, 59, 59),
    datetime.datetime(2028, 2, 29, 0, 0, 0),
]
MODELS = [
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "anthropic.claude-3-haiku-20240307-v1:0",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/a1b2c3d4e5f6",
    "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/anthropic.claude-3-5-sonnet-20240620-v1:0",
    "model with spaces & more",
    "a~b_c-d.e",
    "50%25off%3A",
    "prêt-à-porter/日本語",
]


def url_of_model(host, model):
    return f"{host}/model/{quote(model, safe='-._~')}/converse-stream"


def fixed_cases():
    host = "https://bedrock-runtime.us-east-1.amazonaws.com"
    json_type = [["Content-Type", "application/json"]]
    for model in MODELS:
        yield "POST", url_of_model(host, model), json_type, '{"messages":[]}'
    for base in [
        "http://127.0.0.1:8080",
        "https://localhost:8443/prefix",
        "http://h:80",
        "https://h:443",
        "http://h:443",
        "https://H.Example.COM",
        "http://[::1]:8080",
        "http://[::1]",
    ]:
        yield "POST", url_of_model(base, MODELS[0]), json_type, "{}"
    for path in ["", "/", "//", "/a//b", "/a/./b/../c", "/..", "/a/", "/a/b/..", "/%2F/%2e%2e/", "/-_.~", "/a%20b+c", "/a=b&c;d@e:f!$'()*,"]:
        yield "GET", host + path, [], ""
    for query in ["", "b=2&a=1", "a=2&a=1", "a", "a=", "=a", "a&&b", "a=b=c", "A=1&a=2&%41=3", "x=%2F%20&y=~", "a-b=1&a=2&a0=3", "&"]:
        yield "GET", f"{host}/p?{query}", [], ""
    for headers in [
        [["X-Amz-Target", "  many   spaces  "]],
        [["x-b", "2"], ["X-A", "1"], ["X-C", ""]],
        [["X-A", "1"], ["x-a", "2"], ["X-a", "1"]],
        [["User-Agent", "mosaic-ai/1"], ["X-A", "1"]],
        [["Connection", "close"], ["Transfer-Encoding", "chunked"], ["Expect", "100-continue"], ["TE", "trailers"]],
        [["X-Amzn-Trace-Id", "Root=1-2-3"], ["Trailer", "x"], ["Upgrade", "h2c"], ["Keep-Alive", "1"]],
        [["Proxy-Authorization", "Basic eA=="], ["Proxy-Authenticate", "Basic"]],
        [["X-Tab", "a\tb\t\tc"]],
        [["X-Quoted", '"a   b"']],
        [["Host", "other.example:99"]],
        [["X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"]],
    ]:
        yield "POST", host + "/", headers, "body"
    for body in ["", "x", "é😀\n\0", "a" * 10_000]:
        yield "POST", host + "/", json_type, body


def random_text(source, alphabet, most):
    return "".join(source.choice(alphabet) for _ in range(source.randrange(most)))


def random_cases(count, seed):
    source = random.Random(seed)
    odd = "abcXYZ019-_.~ !\"#$%&'()*+,/:;<=>?@[\\]^`{|}é日😀"
    for _ in range(count):
        scheme = source.choice(["https", "http"])
        host = source.choice(["bedrock-runtime.us-east-1.amazonaws.com", "127.0.0.1", "localhost", "sts.eu-west-1.amazonaws.com", "[::1]", "A.b"])
        port = source.choice(["", "", ":80", ":443", ":8080"])
        if source.random() < 0.6:
            path = "/model/" + quote(source.choice(MODELS + [random_text(source, odd, 40) + "x"]), safe="-._~") + "/converse-stream"
        else:
            parts = [source.choice([".", "..", "", quote(random_text(source, odd, 8), safe="-._~!$'()*,:@+")]) for _ in range(source.randrange(6))]
            path = "/" + "/".join(parts)
        query = ""
        if source.random() < 0.4:
            pairs = []
            for _ in range(source.randrange(1, 6)):
                key = quote(random_text(source, odd, 5), safe="-_.~")
                pairs.append(key + source.choice(["", "=", "=" + quote(random_text(source, odd, 6), safe="-_.~")]))
            query = "?" + "&".join(pairs)
        headers = []
        for _ in range(source.randrange(4)):
            name = source.choice(["Content-Type", "X-Amz-Target", "x-custom", "X-Custom", "Accept", "User-Agent", "x-z", "TE"])
            headers.append([name, random_text(source, "ab  \t=;,\"0é", 14)])
        yield source.choice(["POST", "GET", "PUT"]), f"{scheme}://{host}{port}{path}{query}", headers, random_text(source, odd + "\n\0", 60)


def signed(number, method, url, headers, body):
    source = random.Random(number)
    date = source.choice(DATES)
    token = source.choice([None, "FwoGZXIvYXdzEXAMPLE//token+with==odd/characters"])
    key = Credentials(f"AKID{number}EXAMPLE", source.choice(["wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "s", "geheim-ß-秘密"]), token)
    service = source.choice(["bedrock", "bedrock", "sts"])
    region = source.choice(["us-east-1", "eu-central-1", "us-gov-west-1", "cn-north-1"])
    request = AWSRequest(method=method, url=url, data=body.encode())
    for name, value in headers:
        request.headers.add_header(name, value)
    auth = botocore.auth.SigV4Auth(key, service, region)
    with mock.patch("botocore.auth.get_current_datetime", return_value=date):
        auth.add_auth(request)
        authorization = request.headers["Authorization"]
        del request.headers["Authorization"]
        canonical = auth.canonical_request(request)
    return {
        "method": method,
        "url": url,
        "headers": headers,
        "body": body,
        "date": date.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "key": key.access_key,
        "secret": key.secret_key,
        "token": token,
        "service": service,
        "region": region,
        "canonical_request": canonical,
        "string_to_sign": auth.string_to_sign(request, canonical),
        "authorization": authorization,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--random", type=int)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    cases = random_cases(arguments.random, arguments.seed) if arguments.random else [*fixed_cases(), *random_cases(150, 7)]
    cases = [signed(number, *case) for number, case in enumerate(cases)]
    write_cases(arguments.file, cases, botocore=botocore.__version__)


if __name__ == "__main__":
    main()
