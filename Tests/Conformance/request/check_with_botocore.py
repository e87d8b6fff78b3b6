"""Catches requests that the built mosaic-ai makes, and signs them again with botocore: the signatures must be the same,
and with one byte changed they must not be.

Usage: check_with_botocore.py PATH-TO-MOSAIC-AI
"""

import http.server
import os
import subprocess
import sys
import tempfile
import threading

import botocore.auth
import botocore.awsrequest
import botocore.credentials

MODELS = [
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:application-inference-profile/abc123",
]
KEY = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
caught = []


class Catcher(http.server.BaseHTTPRequestHandler):
    """Keeps the request and refuses it, so that there is no second one."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        caught.append((self.path, dict(self.headers), body))
        answer = b'{"message":"caught"}'
        self.send_response(400)
        self.send_header("x-amzn-ErrorType", "ValidationException")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def signature(path, headers, body, token):
    """What botocore signs such a request with."""
    signed = ["content-type", "host"]
    url = f"http://{headers['Host']}{path}"
    request = botocore.awsrequest.AWSRequest("POST", url, data=body, headers={"Content-Type": headers["Content-Type"]})
    auth = botocore.auth.SigV4Auth(botocore.credentials.Credentials(*KEY, token), "bedrock", "us-east-1")
    request.context["timestamp"] = headers["X-Amz-Date"]
    request.headers["X-Amz-Date"] = headers["X-Amz-Date"]
    if token:
        request.headers["X-Amz-Security-Token"] = token
        signed.append("x-amz-security-token")
    canonical = auth.canonical_request(request)
    return auth.signature(auth.string_to_sign(request, canonical), request)


def main():
    program = os.path.abspath(sys.argv[1])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Catcher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as home:
        for model in MODELS:
            for token in [None, "FwoGZXIvYXdzEXAMPLE//token+with=signs"]:
                environment = {
                    "HOME": home, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_REGION": "us-east-1",
                    "AWS_ACCESS_KEY_ID": KEY[0], "AWS_SECRET_ACCESS_KEY": KEY[1],
                }
                if token:
                    environment["AWS_SESSION_TOKEN"] = token
                subprocess.run([program, "legacies", "add", "Rose"], env=environment, check=True, capture_output=True)
                run = subprocess.run(
                    [program, "send", "--model", model, "Zoë’s “garden” 🌱"], env=environment, capture_output=True, text=True)
                path, headers, body = caught.pop()
                given = headers["Authorization"].rpartition("Signature=")[2]
                changed = bytes([body[0] ^ 1]) + body[1:]
                checks = {
                    "refused with status 65": run.returncode == 65,
                    "same signature": given == signature(path, headers, body, token),
                    "another for a changed body": given != signature(path, headers, changed, token),
                    "another for a changed path": given != signature(path.replace("stream", "strean"), headers, body, token),
                }
                for name, ok in checks.items():
                    passed, failed = passed + ok, failed + (not ok)
                    if not ok:
                        print(f"{model}, {'with' if token else 'without'} token: not {name}\n{run.stderr}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
