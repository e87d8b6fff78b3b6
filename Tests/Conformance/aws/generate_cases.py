#!/usr/bin/env python3
"""Asks botocore what it makes of configurations, and writes cases and answers as JSON.

    generate_cases.py cases.json                      the committed cases
    generate_cases.py FILE --random N [--seed S]      N random ones more

A case is an environment, files below the home folder, flags, and faults of the services. botocore's own client for
Bedrock is made from it and sends one request; everything that it sends, to Bedrock and to the credential services,
ends in a stub (`answer`), of which the Swift tests have a twin. The stub gives out keys whose id tells what was asked
of it, by whom and where, so that equal ids mean equal requests. Needs botocore; the tests that read the file do not.
"""

import argparse
import contextlib
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import sys
import tempfile
import traceback
from unittest import mock
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

HOME = tempfile.mkdtemp(prefix="mosaic-ai-conformance-")
os.environ["HOME"] = HOME

import botocore
import botocore.session
from botocore import exceptions
from botocore.awsrequest import AWSResponse
from botocore.credentials import Credentials, create_credential_resolver
from botocore.httpsession import URLLib3Session
from botocore.utils import JSONFileCache

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from cases import write_cases

FAR = "2099-01-01T00:00:00Z"
PAST = "2001-01-01T00:00:00Z"

# What is changed in a case before botocore sees it, because the contract of mosaic-ai differs there on purpose.
TRANSLATIONS = {
    "empty": "an empty variable counts as one that is not set, as in the other AWS SDKs; botocore takes it for a value and fails",
    "profile": "AWS_PROFILE beats AWS_DEFAULT_PROFILE, as in SPEC; botocore has them the other way round",
    "region": "AWS_REGION counts and beats AWS_DEFAULT_REGION, as in every SDK but botocore",
    "default": "without any region it is us-east-1, as in SPEC; botocore refuses",
}


# ---- The stub: keep in step with Tests/MosaicAICoreTests/AWS/StubTransport.swift


class Captured(BaseException):
    """The request to Bedrock, which ends a case."""


def origin(url):
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def respond(status, body, kind="application/json"):
    return status, kind, body if isinstance(body, str) else json.dumps(body)


def sts_error(name, message):
    return f"<ErrorResponse><Error><Type>Sender</Type><Code>{name}</Code><Message>{message}</Message></Error></ErrorResponse>"


def fault(service, faults):
    """What a service does instead of its work."""
    match faults.get(service):
        case None | "present" | "v1" | "unauthorized":
            return None
        case "refused":
            return "refused"
        case "500":
            return respond(500, "<html>oops</html>", "text/html")
        case "503":
            if service == "sts":
                return respond(503, sts_error("ServiceUnavailable", "down"), "text/xml")
            return respond(503, {"message": "down"})
        case "throttled":
            if service == "sts":
                return respond(400, sts_error("Throttling", "Rate exceeded"), "text/xml")
            if service == "oidc":
                return respond(400, {"error": "slow_down", "error_description": "too fast"})
            return respond(429, {"message": "Too many requests"})
        case "html":
            return respond(200, "<html><body>login</body></html>", "text/html")
        case "json":
            return respond(200, "{}")
        case "denied":
            if service == "sts":
                return respond(403, sts_error("AccessDenied", "no"), "text/xml")
            return respond(403, {"__type": "ForbiddenException", "message": "No access"})
        case "expired":
            if service == "sts":
                return respond(400, sts_error("ExpiredTokenException", "old"), "text/xml")
            if service == "oidc":
                return respond(400, {"error": "invalid_grant", "error_description": "old"})
            return respond(401, {"__type": "UnauthorizedException", "message": "Session token not found or invalid"})
    raise ValueError(faults)


def answer(method, url, headers, body, faults):
    """(status, content type, body), or "refused"."""
    path = urlsplit(url).path
    if path.endswith("/latest/api/token"):
        if "imds" not in faults:
            return "refused"
        if faults["imds"] == "v1":
            return respond(404, "")
        return fault("imds", faults) or respond(200, "imds-token", "text/plain")
    if "/latest/meta-data/" in path:
        if faults.get("imds") not in ("present", "v1", "unauthorized"):
            return fault("imds", faults) or "refused"
        if faults["imds"] == "unauthorized" and not path.endswith("/security-credentials/"):
            return respond(200, {"Code": "AssumeRoleUnauthorizedAccess", "Message": "no"})
        if path.endswith("/security-credentials/"):
            return respond(200, "a-role", "text/plain")
        token = headers.get("x-aws-ec2-metadata-token")
        return respond(200, {"Code": "Success", "AccessKeyId": f"IMDS {origin(url)} {token}", "SecretAccessKey": "imds-secret", "Token": "imds", "Expiration": FAR})
    if path.endswith("/federation/credentials"):
        if answered := fault("sso", faults):
            return answered
        query = parse_qs(urlsplit(url).query)
        key = f"SSO {origin(url)} {query['role_name'][0]} {query['account_id'][0]} {headers.get('x-amz-sso_bearer_token')}"
        return respond(200, {"roleCredentials": {"accessKeyId": key, "secretAccessKey": "sso-secret", "sessionToken": "sso", "expiration": 4070908800000}})
    if path.endswith("/token") and method == "POST":
        if answered := fault("oidc", faults):
            return answered
        sent = json.loads(body)
        token = f"renewed by {sent['clientId']} {sent['clientSecret']} {sent['refreshToken']} {sent['grantType']} at {origin(url)}"
        return respond(200, {"accessToken": token, "expiresIn": 28800, "refreshToken": "next", "tokenType": "Bearer"})
    if method == "POST" and "Action=AssumeRole" in body:
        if answered := fault("sts", faults):
            return answered
        form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        if re.fullmatch(r"(botocore-session|mosaic-ai)-\d+", form.get("RoleSessionName", "")):
            form["RoleSessionName"] = "*"
        signed = re.match(r"AWS4-HMAC-SHA256 Credential=(.*)/\d{8}/([a-z0-9-]+)/sts/aws4_request, ", headers.get("authorization", ""))
        by = f"{signed[1]} in {signed[2]} with {headers.get('x-amz-security-token', '-')}" if signed else "-"
        key = f"STS {origin(url)} {' '.join(f'{name}={form[name]}' for name in sorted(form))} by [{by}]"
        action = form["Action"]
        return respond(
            200,
            f"<{action}Response xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><{action}Result><Credentials><AccessKeyId>{escape(key)}</AccessKeyId>"
            f"<SecretAccessKey>sts-secret</SecretAccessKey><SessionToken>sts</SessionToken><Expiration>{FAR}</Expiration></Credentials>"
            f"</{action}Result></{action}Response>",
            "text/xml",
        )
    if answered := fault("container", faults):
        return answered
    return respond(200, {"AccessKeyId": f"ECS {url} {headers.get('authorization', '-')}", "SecretAccessKey": "ecs-secret", "Token": "ecs", "Expiration": FAR})


class Raw:
    def __init__(self, body):
        self.body = body

    def stream(self, *_, **__):
        yield self.body


def stub(faults):
    def send(self, request):
        headers = {name.lower(): value.decode() if isinstance(value, bytes) else str(value) for name, value in request.headers.items()}
        if "/model/" in request.url:
            raise Captured(request.url, headers)
        body = request.body or b""
        answered = answer(request.method, request.url, headers, body.decode() if isinstance(body, bytes) else body, faults)
        if answered == "refused":
            raise exceptions.EndpointConnectionError(endpoint_url=request.url, error="refused")
        status, kind, body = answered
        return AWSResponse(request.url, status, {"Content-Type": kind}, Raw(body.encode()))

    return send


# ---- The oracle


def translated(case):
    """The case as botocore is to see it, and which translations that took."""
    environment = dict(case.get("environment", {}))
    used = []
    empty = [name for name, value in environment.items() if value == ""]
    for name in empty:
        del environment[name]
    if empty:
        used.append("empty")
    if "AWS_PROFILE" in environment and environment.pop("AWS_DEFAULT_PROFILE", None) is not None:
        used.append("profile")
    if region := environment.pop("AWS_REGION", None):
        environment["AWS_DEFAULT_REGION"] = region
        used.append("region")
    return environment, used


CODES = {
    exceptions.ProfileNotFound: "config_invalid",
    exceptions.ConfigParseError: "config_invalid",
    exceptions.InvalidConfigError: "config_invalid",
    exceptions.PartialCredentialsError: "config_invalid",
    exceptions.InfiniteLoopConfigError: "config_invalid",
    exceptions.InvalidRegionError: "config_invalid",
    exceptions.InvalidRetryModeError: "config_invalid",
    exceptions.InvalidMaxRetryAttemptsError: "config_invalid",
    exceptions.InvalidSTSRegionalEndpointsConfigError: "config_invalid",
    exceptions.InvalidIMDSEndpointModeError: "config_invalid",
    exceptions.InvalidIMDSEndpointError: "config_invalid",
    exceptions.EndpointProviderError: "config_invalid",
    exceptions.NoCredentialsError: "no_credentials",
    exceptions.CredentialRetrievalError: "credentials_failed",
    exceptions.MetadataRetrievalError: "credentials_failed",
    exceptions.UnauthorizedSSOTokenError: "credentials_expired",
    exceptions.SSOTokenLoadError: "credentials_expired",
    exceptions.TokenRetrievalError: "credentials_expired",
    exceptions.LoginTokenLoadError: "credentials_expired",
    exceptions.EndpointConnectionError: "connection",
}


# What SPEC calls a service that is asked too often, or is down; botocore has one error for that and for a refusal.
OUTAGES = {"429": "throttled", "502": "unavailable", "503": "unavailable", "504": "unavailable"}


def code(error):
    """The kind of failure in the words of SPEC."""
    if isinstance(error, exceptions.ClientError):
        status = str(error.response["ResponseMetadata"]["HTTPStatusCode"])
        outage = "throttled" if error.response["Error"]["Code"] == "Throttling" else OUTAGES.get(status)
    else:
        status = re.search(r"Received non 200 response (\d+)", str(error))
        outage = OUTAGES.get(status[1]) if status else None
    if outage:
        return outage
    for kind, name in CODES.items():
        if isinstance(error, kind):
            return name
    if isinstance(error, exceptions.ClientError):
        return "credentials_expired" if "Expired" in error.response["Error"]["Code"] else "credentials_failed"
    frames = {frame.name for frame in traceback.extract_tb(error.__traceback__)}
    if isinstance(error, RuntimeError) and "still expired" in str(error):
        return "credentials_expired"
    if isinstance(error, OSError):
        return "credentials_failed" if "_retrieve_credentials_using" in frames else "config_invalid"
    if "split" in frames or "_validate_allowed_url" in frames or "_validate_auth_token" in frames or "create_endpoint" in frames:
        return "config_invalid"
    if isinstance(error, json.JSONDecodeError) or "ResponseParserError" in type(error).__name__:
        return "credentials_failed"
    if isinstance(error, ValueError) and "invalid literal for int" in str(error):
        return "config_invalid"
    if isinstance(error, KeyError) and frames & {"__getitem__", "load_token"}:
        return "credentials_expired"
    if isinstance(error, KeyError):
        return "credentials_failed"
    return f"? {type(error).__name__}: {error}"


def run(case, environment, default_region=None):
    """What botocore sends to Bedrock, or how it fails."""
    flags = case.get("flags", {})
    session = botocore.session.Session(profile=flags.get("profile"))
    try:
        client = session.create_client(
            "bedrock-runtime", region_name=flags.get("region", default_region), endpoint_url=flags.get("endpoint_url")
        )
        client.converse(modelId="m", messages=[{"role": "user", "content": [{"text": "x"}]}])
    except Captured as request:
        url, headers = request.args
        result = {"endpoint": url[: url.index("/model/")]}
        authorization = headers["authorization"]
        if authorization.startswith("Bearer "):
            result |= {"api_key": authorization[7:], "region": client.meta.region_name}
        else:
            result |= {"region": re.search(r"/\d{8}/([^/]+)/bedrock/", authorization)[1]}
            key = session.get_credentials().get_frozen_credentials()
            result |= {"id": key.access_key, "secret": key.secret_key, "token": key.token or None}
            assert f"Credential={key.access_key}/" in authorization
        return result
    except Exception as error:
        if default_region is None and "region" not in flags and (isinstance(error, exceptions.NoRegionError) or "region" in str(error).lower() and "Missing" in str(error)):
            return None
        return {"error": code(error), "exception": f"{type(error).__name__}: {error}".replace(HOME, "~")}
    raise AssertionError("nothing was sent")


def resolver(*arguments, **more):
    """botocore's chain, with the cache files of the AWS CLI and somebody who knows the MFA code."""
    chain = create_credential_resolver(*arguments, **more)
    cache = JSONFileCache(os.path.join(HOME, ".aws/cli/cache"))
    for provider in chain.providers:
        if provider.METHOD in ("assume-role", "assume-role-with-web-identity", "sso"):
            provider.cache = cache
        if provider.METHOD == "assume-role":
            provider._prompter = lambda prompt: "123456"
    return chain


def oracle(case):
    """What botocore makes of a case, which translations that took, and where mosaic-ai differs for a reason that the case does not give."""
    environment, used = translated(case)
    shutil.rmtree(HOME)
    os.mkdir(HOME)
    for path, text in case.get("files", {}).items():
        full = os.path.join(HOME, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8", newline="") as file:
            file.write(text.replace("{HOME}", HOME))
    variables = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": HOME}
    variables |= {name: value.replace("{HOME}", HOME) for name, value in environment.items()}
    variables.setdefault("AWS_EC2_METADATA_DISABLED", "true")
    with (
        mock.patch.dict(os.environ, variables, clear=True),
        mock.patch.object(URLLib3Session, "send", stub(case.get("faults", {}))),
        mock.patch("botocore.credentials.create_credential_resolver", resolver),
        mock.patch("time.sleep"),
    ):
        region = None
        result = run(case, environment)
        if result is None:
            used.append("default")
            region = "us-east-1"
            result = run(case, environment, region)
        return result, used, difference(case, environment, region, result)


NO_CREDENTIALS = "botocore.session.Session.get_credentials", lambda session: None
AUTH_TOKEN = botocore.session.Session.get_auth_token
NO_SSO_TOKEN = (
    "botocore.session.Session.get_auth_token",
    lambda session, **more: AUTH_TOKEN(session, **more) if more.get("signing_name") == "bedrock" and "AWS_BEARER_TOKEN_BEDROCK" in os.environ else None,
)
SOME_CREDENTIALS = "botocore.session.Session.get_credentials", lambda session: Credentials("A", "s")


def difference(case, environment, region, result):
    """Where botocore fails over something that mosaic-ai never looks at, or not yet."""
    if "error" not in result:
        return None
    renewal = case.get("faults", {}).get("oidc")
    if renewal in ("500", "503", "throttled") and result["exception"].startswith("TokenRetrievalError"):
        reason = "an outage of the service that renews a login does not end the login; botocore calls it expired"
        return {"reason": reason, "result": {"error": "throttled" if renewal == "throttled" else "unavailable"}}
    if "AWS_BEARER_TOKEN_BEDROCK" in environment:
        reason = "with an API key no other source is looked at; botocore looks at the others first and fails with theirs"
        patches = [NO_CREDENTIALS, NO_SSO_TOKEN]
    elif "SSO token provider" in result["exception"]:
        reason = "an sso_session matters only where no source before it has credentials; botocore reads it for every client"
        patches = [NO_SSO_TOKEN]
    elif result["error"] != "config_invalid":
        reason = "all settings are checked before credentials are looked for, so if both fail the error is about the settings"
        patches = [SOME_CREDENTIALS, NO_SSO_TOKEN]
    else:
        return None
    with contextlib.ExitStack() as stack:
        for name, value in patches:
            stack.enter_context(mock.patch(name, value))
        other = run(case, environment, region) or run(case, environment, "us-east-1")
    other.pop("exception", None)
    if other.get("error") == result["error"] or (SOME_CREDENTIALS in patches and "error" not in other):
        return None
    return {"reason": reason, "result": other}


# ---- The cases


def profile(name, **keys):
    header = name if name == "default" or name.startswith(("sso-session ", "services ")) else f"profile {name}"
    return f"[{header}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())


def static(name, **more):
    return {"aws_access_key_id": f"AKIA{name.upper()}", "aws_secret_access_key": f"secret-{name}", **more}


def section(name, **keys):
    return f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())


def sso_token(key, token="sso-access", expires=FAR, **more):
    name = hashlib.sha1(key.encode()).hexdigest()
    return {f".aws/sso/cache/{name}.json": json.dumps({"accessToken": token, "expiresAt": expires, **more})}


REGISTRATION = {"clientId": "client", "clientSecret": "client-secret", "registrationExpiresAt": FAR, "refreshToken": "refresh"}
ENV = {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "secret-env"}
ROLE = "arn:aws:iam::123456789012:role/r"
START = "https://d-1.awsapps.com/start"
SSO = {"sso_account_id": "123456789012", "sso_role_name": "Reader"}
LEGACY = {**SSO, "sso_start_url": START, "sso_region": "eu-west-1"}
SESSION = profile("sso-session corp", sso_start_url=START, sso_region="eu-central-1")
TOKEN_FILE = {"token": "web-token"}
CONFIG, CREDENTIALS = ".aws/config", ".aws/credentials"


def process(text):
    return "/bin/echo " + "'" + text + "'"


PROCESS = process('{"Version": 1, "AccessKeyId": "AKIAPROC", "SecretAccessKey": "secret-proc", "SessionToken": "proc"}')


def hand_written():
    def case(name, environment=None, config=None, credentials=None, files=None, faults=None, differs=None, **flags):
        made = {"name": name}
        files = dict(files or {})
        if config is not None:
            files[CONFIG] = config
        if credentials is not None:
            files[CREDENTIALS] = credentials
        if environment:
            made["environment"] = environment
        if files:
            made["files"] = files
        if flags:
            made["flags"] = flags
        if faults:
            made["faults"] = faults
        if differs:
            made["differs"] = differs
        return made

    keys = section("default", **static("file")) + section("x", **static("x", aws_session_token="token-x"))
    plain = profile("default", region="eu-west-1") + profile("x", region="eu-central-1") + profile("empty")

    yield case("nothing at all")
    yield case("environment", ENV)
    yield case("environment with token", {**ENV, "AWS_SESSION_TOKEN": "t"})
    yield case("environment with old token", {**ENV, "AWS_SECURITY_TOKEN": "old", "AWS_SESSION_TOKEN": "t"})
    yield case("environment, empty token", {**ENV, "AWS_SESSION_TOKEN": ""})
    yield case("environment, empty id", {**ENV, "AWS_ACCESS_KEY_ID": ""}, credentials=keys)
    yield case("environment, id only", {"AWS_ACCESS_KEY_ID": "A"}, credentials=keys)
    yield case("environment, secret only", {"AWS_SECRET_ACCESS_KEY": "s"}, credentials=keys)
    yield case("environment, expired", {**ENV, "AWS_CREDENTIAL_EXPIRATION": PAST})
    yield case("environment, not expired", {**ENV, "AWS_CREDENTIAL_EXPIRATION": FAR})
    yield case("credentials file", credentials=keys)
    yield case("credentials file, profile by flag", credentials=keys, profile="x")
    yield case("credentials file, AWS_PROFILE", {"AWS_PROFILE": "x"}, credentials=keys)
    yield case("credentials file, AWS_DEFAULT_PROFILE", {"AWS_DEFAULT_PROFILE": "x"}, credentials=keys)
    yield case("both profile variables", {"AWS_PROFILE": "x", "AWS_DEFAULT_PROFILE": "default"}, credentials=keys)
    yield case("empty AWS_PROFILE", {"AWS_PROFILE": ""}, credentials=keys)
    yield case("empty AWS_PROFILE, default profile", {"AWS_PROFILE": "", "AWS_DEFAULT_PROFILE": "x"}, credentials=keys)
    yield case("environment beats AWS_PROFILE", {**ENV, "AWS_PROFILE": "x"}, credentials=keys)
    yield case("flag beats environment", ENV, credentials=keys, profile="x")
    yield case("flag, profile without credentials", ENV, plain, profile="empty")
    yield case("missing profile by flag", ENV, credentials=keys, profile="nope")
    yield case("missing profile by variable", {**ENV, "AWS_PROFILE": "nope"}, credentials=keys)
    yield case("missing default by variable", {**ENV, "AWS_PROFILE": "default"}, profile("x"))
    yield case("[x] in the config file is not a profile", None, section("x", **static("x")), profile="x")
    yield case("[profile x] in the credentials file is another profile", None, None, section("profile x", **static("x")), profile="x")
    yield case("…which has that name", None, None, section("profile x", **static("x")), profile="profile x")
    yield case("config file", None, profile("default", **static("config", region="us-west-2")))
    yield case("config file, with token", None, profile("default", **static("config", aws_session_token="t")))
    yield case("config file, old token first", None, profile("default", **static("config", aws_security_token="old", aws_session_token="t")))
    yield case("credentials file beats config file", None, profile("default", **static("config")), keys)
    yield case("half in the credentials file", None, plain, section("default", aws_access_key_id="A"))
    yield case("half in the credentials file, rest in config", None, profile("default", aws_secret_access_key="s"), section("default", aws_access_key_id="A"))
    yield case("secret only in the credentials file", None, profile("default", **static("config")), section("default", aws_secret_access_key="s"))
    yield case("half in the config file", None, profile("default", aws_access_key_id="A"))
    yield case("credentials file elsewhere", {"AWS_SHARED_CREDENTIALS_FILE": "{HOME}/other"}, files={"other": keys})
    yield case("credentials file elsewhere by ~", {"AWS_SHARED_CREDENTIALS_FILE": "~/other"}, files={"other": keys})
    yield case("credentials file elsewhere by variable", {"AWS_SHARED_CREDENTIALS_FILE": "$WHERE/other", "WHERE": "{HOME}"}, files={"other": keys})
    yield case("config file elsewhere by ${}", {"AWS_CONFIG_FILE": "${WHERE}/other", "WHERE": "{HOME}"}, files={"other": profile("default", **static("o"))})
    yield case("config file by unset variable", {"AWS_CONFIG_FILE": "$NOWHERE/other"}, profile("default", **static("o")))
    yield case("config file that is a folder", {"AWS_CONFIG_FILE": "~/.aws"}, profile("default", **static("o")))
    yield case("quoted profile name", None, "[profile 'a b']\n" + "".join(f"{k}={v}\n" for k, v in static("q").items()), profile="a b")
    yield case("profile name with three words", None, "[profile a b]\n" + "".join(f"{k}={v}\n" for k, v in static("q").items()), profile="a b")
    yield case("[profile default] after [default]", None, profile("default", **static("one")) + section("profile default", **static("two")))
    yield case("[default] after [profile default]", None, section("profile default", **static("two")) + profile("default", **static("one")))
    yield case("[DEFAULT] section", None, section("DEFAULT", region="sa-east-1") + profile("default", **static("one")))
    yield case("upper-case keys", None, "[default]\nAWS_ACCESS_KEY_ID=A\nAws_Secret_Access_Key: s\n")
    yield case("[profiles x] is a profile too", None, section("profiles x", **static("x")), profile="x")
    yield case("[profile] without a name", ENV, "[profile]\nregion=x-y-1\n")
    yield case("open quote in a header", ENV, "[profile 'x]\nregion=x-y-1\n[default]\nregion=a-b-1\n")
    yield case("duplicate section", ENV, "[default]\n[default]\n")
    yield case("duplicate key", ENV, "[default]\na=1\nA=2\n")
    yield case("no header", ENV, "region=x\n")
    yield case("no delimiter", ENV, "[default]\nregion\n")
    yield case("malformed credentials file", ENV, None, "nonsense\n")
    yield case("nested without =", ENV, "[default]\ns3 =\n  x\n")
    yield case("CRLF", None, profile("default", **static("crlf", region="eu-north-1")).replace("\n", "\r\n"))
    yield case("CR", None, profile("default", **static("cr", region="eu-north-1")).replace("\n", "\r"))
    yield case(
        "byte order mark", None, "\ufeff" + profile("default", **static("bom", region="eu-north-1")),
        differs={"reason": "a byte order mark is skipped: editors on Windows write one; botocore refuses the file",
                 "result": {"endpoint": "https://bedrock-runtime.eu-north-1.amazonaws.com", "region": "eu-north-1", "id": "AKIABOM", "secret": "secret-bom", "token": None}})

    # Regions and endpoints
    yield case("AWS_DEFAULT_REGION", {**ENV, "AWS_DEFAULT_REGION": "ap-south-1"}, plain)
    yield case("AWS_REGION", {**ENV, "AWS_REGION": "ap-south-1"}, plain)
    yield case("both region variables", {**ENV, "AWS_REGION": "ap-south-1", "AWS_DEFAULT_REGION": "eu-west-3"}, plain)
    yield case("empty AWS_REGION", {**ENV, "AWS_REGION": "", "AWS_DEFAULT_REGION": "eu-west-3"}, plain)
    yield case("empty region variables", {**ENV, "AWS_REGION": "", "AWS_DEFAULT_REGION": ""}, plain)
    yield case("region by flag", {**ENV, "AWS_REGION": "ap-south-1"}, plain, region="us-west-2")
    yield case("region of the profile", {**ENV, "AWS_PROFILE": "x"}, plain)
    yield case("region in the credentials file", ENV, plain, section("default", region="ca-central-1"))
    for region in ["cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1", "mx-central-1",
                   "mars-north-1", "us-east", "aws-global", "aws-cn-global", "fips-us-east-1", "us-east-1-fips", "US-EAST-1", "a"]:
        yield case(f"region {region}", {**ENV, "AWS_DEFAULT_REGION": region})
        yield case(f"region {region}, FIPS", {**ENV, "AWS_DEFAULT_REGION": region, "AWS_USE_FIPS_ENDPOINT": "true"})
        yield case(f"region {region}, dual-stack", {**ENV, "AWS_DEFAULT_REGION": region, "AWS_USE_DUALSTACK_ENDPOINT": "true"})
        yield case(f"region {region}, both", {**ENV, "AWS_DEFAULT_REGION": region, "AWS_USE_DUALSTACK_ENDPOINT": "true", "AWS_USE_FIPS_ENDPOINT": "True"})
    for region in ["-a", "a-", "a b", "a.b", "12", "a/b", "x" * 64]:
        yield case(f"bad region {region}", {**ENV, "AWS_DEFAULT_REGION": region})
    yield case("FIPS in the profile", ENV, profile("default", region="us-east-2", use_fips_endpoint="true"))
    yield case("FIPS off by variable", {**ENV, "AWS_USE_FIPS_ENDPOINT": "false"}, profile("default", region="us-east-2", use_fips_endpoint="true"))
    yield case("FIPS neither true nor false", {**ENV, "AWS_USE_FIPS_ENDPOINT": "1"}, plain)
    yield case("dual-stack in the profile", ENV, profile("default", region="us-east-2", use_dualstack_endpoint="TRUE"))
    url = "http://localhost:4566"
    yield case("AWS_ENDPOINT_URL", {**ENV, "AWS_ENDPOINT_URL": url}, plain)
    yield case("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", {**ENV, "AWS_ENDPOINT_URL": url, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://b.example/p/"}, plain)
    yield case("AWS_ENDPOINT_URL_BEDROCK is another service's", {**ENV, "AWS_ENDPOINT_URL_BEDROCK": url}, plain)
    yield case("empty endpoint variables", {**ENV, "AWS_ENDPOINT_URL": "", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": ""}, plain)
    yield case("endpoint by flag", {**ENV, "AWS_ENDPOINT_URL": url}, plain, endpoint_url="https://flag.example:8443")
    yield case("endpoint by flag although ignored", {**ENV, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, plain, endpoint_url="https://flag.example")
    yield case("endpoint variables ignored", {**ENV, "AWS_ENDPOINT_URL": url, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, plain)
    yield case("endpoint ignored by profile", {**ENV, "AWS_ENDPOINT_URL": url}, profile("default", region="eu-west-1", ignore_configured_endpoint_urls="true"))
    yield case("endpoint_url of the profile", ENV, profile("default", region="eu-west-1", endpoint_url="http://profile.example"))
    services = "[services s]\nbedrock_runtime =\n  endpoint_url = http://section.example/\nsts =\n  endpoint_url = http://sts.example\n"
    yield case("services section", ENV, profile("default", region="eu-west-1", services="s", endpoint_url="http://profile.example") + services)
    yield case("services section, AWS_ENDPOINT_URL", {**ENV, "AWS_ENDPOINT_URL": url}, profile("default", region="eu-west-1", services="s") + services)
    yield case("services section without the service", ENV, profile("default", region="eu-west-1", services="s", endpoint_url="http://p.example") + "[services s]\ns3 =\n  endpoint_url = http://s3\n")
    yield case("services section missing", ENV, profile("default", region="eu-west-1", services="t") + services)
    yield case("services section missing, variable set", {**ENV, "AWS_ENDPOINT_URL": url}, profile("default", region="eu-west-1", services="t") + services)
    yield case("services section missing, ignored", {**ENV, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, profile("default", region="eu-west-1", services="t") + services)
    yield case("FIPS with an endpoint URL", {**ENV, "AWS_ENDPOINT_URL": url, "AWS_USE_FIPS_ENDPOINT": "true"}, plain)
    yield case("dual-stack with an endpoint URL", {**ENV, "AWS_ENDPOINT_URL": url, "AWS_USE_DUALSTACK_ENDPOINT": "true"}, plain)
    for bad in ["localhost:8080", "http://", "http://-a", "http://a..b", "http://a_b", "nonsense"]:
        yield case(f"bad endpoint {bad}", {**ENV, "AWS_ENDPOINT_URL": bad}, plain)
    for good in ["http://127.0.0.1:9", "http://[::1]:9", "https://h.example./x/y"]:
        yield case(f"endpoint {good}", {**ENV, "AWS_ENDPOINT_URL": good}, plain)
    yield case("max_attempts of nonsense", {**ENV, "AWS_MAX_ATTEMPTS": "many"}, plain)
    yield case("max_attempts 0", {**ENV, "AWS_MAX_ATTEMPTS": "0"}, plain)
    yield case("retry_mode of nonsense", {**ENV, "AWS_RETRY_MODE": "never"}, plain)
    yield case("retry_mode adaptive", {**ENV, "AWS_RETRY_MODE": "adaptive"}, plain)

    # API key
    yield case("API key", {"AWS_BEARER_TOKEN_BEDROCK": "bedrock-key"}, plain)
    yield case("API key beats environment", {**ENV, "AWS_BEARER_TOKEN_BEDROCK": "bedrock-key"}, plain)
    yield case("API key beats flag", {"AWS_BEARER_TOKEN_BEDROCK": "bedrock-key"}, plain, keys, profile="x")
    yield case("API key and a missing profile", {"AWS_BEARER_TOKEN_BEDROCK": "bedrock-key"}, plain, profile="nope")
    yield case("empty API key", {**ENV, "AWS_BEARER_TOKEN_BEDROCK": ""}, plain)
    yield case("API key for another service", {**ENV, "AWS_BEARER_TOKEN_OTHER": "key"}, plain)
    yield case("API key and half a key", {"AWS_BEARER_TOKEN_BEDROCK": "bedrock-key", "AWS_ACCESS_KEY_ID": "A"}, plain)

    # Roles
    base = profile("base", **static("base"))

    def role(**more):
        return profile("r", role_arn=ROLE, region="eu-west-1", **more)

    yield case("role", None, role(source_profile="base") + base, profile="r")
    yield case("role by AWS_PROFILE", {"AWS_PROFILE": "r"}, role(source_profile="base") + base)
    yield case("role, environment first", {**ENV, "AWS_PROFILE": "r"}, role(source_profile="base") + base)
    yield case("role, source in the credentials file", None, role(source_profile="base"), section("base", **static("base", aws_session_token="t")), profile="r")
    yield case("role in the credentials file", None, base, section("r", role_arn=ROLE, source_profile="base"), profile="r")
    yield case("role with everything", None, role(source_profile="base", external_id="e x/é", role_session_name="me", duration_seconds="900", mfa_serial="arn:aws:iam::1:mfa/me") + base, profile="r")
    yield case("role, duration of nonsense", None, role(source_profile="base", duration_seconds="long") + base, profile="r")
    yield case("role, own key", None, role(source_profile="r", **static("own")), profile="r")
    yield case("role, itself without a key", None, role(source_profile="r"), profile="r")
    yield case("role without source", None, role(), profile="r")
    yield case("role with both sources", None, role(source_profile="base", credential_source="Environment") + base, profile="r")
    yield case("role, missing source", None, role(source_profile="nope"), profile="r")
    yield case("role, source without credentials", None, role(source_profile="empty") + profile("empty"), profile="r")
    yield case("role, source with half a key", None, role(source_profile="h") + profile("h", aws_access_key_id="A"), profile="r")
    yield case("role, source with the secret only", None, role(source_profile="h") + profile("h", aws_secret_access_key="s"), profile="r")
    chain = role(source_profile="m") + profile("m", role_arn=ROLE + "/m", source_profile="base", role_session_name="mid") + base
    yield case("roles in a chain", None, chain, profile="r")
    yield case("roles in a chain of three", None, chain.replace("base]", "n]").replace("source_profile = base", "source_profile = n") + profile("z", role_arn=ROLE + "/z", source_profile="r"), profile="z")
    yield case("roles in a circle of two", None, role(source_profile="m") + profile("m", role_arn=ROLE, source_profile="r"), profile="r")
    yield case("roles in a circle that the first is not in", None, role(source_profile="m") + profile("m", role_arn=ROLE, source_profile="n") + profile("n", role_arn=ROLE, source_profile="m"), profile="r")
    yield case("role, source with a role and a key", None, role(source_profile="m") + profile("m", role_arn=ROLE + "/m", source_profile="base", **static("m")) + base, profile="r")
    yield case("role, chain to one that names itself", None, role(source_profile="m") + profile("m", role_arn=ROLE, source_profile="m", **static("m")), profile="r")
    yield case("role, source by process", None, role(source_profile="p") + profile("p", credential_process=PROCESS), profile="r")
    yield case("role, source by SSO", None, role(source_profile="s") + profile("s", **SSO, sso_session="corp") + SESSION, files=sso_token("corp"), profile="r")
    yield case("role, source by web identity", None, role(source_profile="w") + profile("w", role_arn=ROLE + "/w", web_identity_token_file="{HOME}/token"), files=TOKEN_FILE, profile="r")
    for source in ["Environment", "EcsContainer", "Ec2InstanceMetadata", "environment", "Other"]:
        yield case(f"role, credential_source {source}", {**ENV, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c", "AWS_EC2_METADATA_DISABLED": "false"}, role(credential_source=source), faults={"imds": "present"}, profile="r")
    yield case("role, credential_source without credentials", None, role(credential_source="Environment"), profile="r")
    yield case("role, metadata without credentials", {"AWS_EC2_METADATA_DISABLED": "false"}, role(credential_source="Ec2InstanceMetadata"), profile="r")
    for name in ["denied", "expired", "500", "503", "throttled", "html", "refused"]:
        yield case(f"role, STS: {name}", None, role(source_profile="base") + base, faults={"sts": name}, profile="r")
    yield case("role, STS elsewhere", {"AWS_ENDPOINT_URL_STS": "http://sts.example:8"}, role(source_profile="base") + base, profile="r")
    yield case("role, all services elsewhere", {"AWS_ENDPOINT_URL": url}, role(source_profile="base") + base, profile="r")
    yield case("role, STS of the services section", None, role(source_profile="base", services="s") + base + services, profile="r")
    yield case("role, endpoint_url of the source profile", None, role(source_profile="base") + profile("base", endpoint_url="http://no.example", **static("base")), profile="r")
    for mode in ["legacy", "regional", "nonsense"]:
        yield case(f"role, STS {mode}", {"AWS_STS_REGIONAL_ENDPOINTS": mode}, role(source_profile="base") + base, profile="r")
        yield case(f"role, STS {mode}, a new region", {"AWS_STS_REGIONAL_ENDPOINTS": mode}, role(source_profile="base") + base, profile="r", region="eu-south-1")
    yield case("role, STS legacy in the profile", None, role(source_profile="base", sts_regional_endpoints="legacy") + base, profile="r")
    yield case("role, STS legacy and FIPS", {"AWS_USE_FIPS_ENDPOINT": "true"}, role(source_profile="base", sts_regional_endpoints="legacy") + base, profile="r")
    yield case("role, FIPS in GovCloud", {"AWS_USE_FIPS_ENDPOINT": "true"}, role(source_profile="base") + base, profile="r", region="us-gov-west-1")
    yield case("role, China", None, role(source_profile="base") + base, profile="r", region="cn-northwest-1")
    yield case("role, dual-stack", {"AWS_USE_DUALSTACK_ENDPOINT": "true"}, role(source_profile="base") + base, profile="r")
    yield case("role, no region", None, profile("r", role_arn=ROLE, source_profile="base") + base, profile="r")
    cached = hashlib.sha1(json.dumps({"ExternalId": "éé", "RoleArn": ROLE}, sort_keys=True).encode()).hexdigest()

    def cached_role(expires):
        return {f".aws/cli/cache/{cached}.json": json.dumps({"Credentials": {"AccessKeyId": "ASIACACHED", "SecretAccessKey": "c", "SessionToken": "ct", "Expiration": expires}})}

    for expires in [FAR, FAR.replace("Z", "UTC"), FAR.replace("Z", "+00:00"), PAST]:
        yield case(f"role, cached until {expires}", None, role(source_profile="base", external_id="éé") + base, files=cached_role(expires), profile="r")
    yield case("role, cached nonsense", None, role(source_profile="base", external_id="éé") + base, files={f".aws/cli/cache/{cached}.json": "nonsense"}, profile="r",
               differs={"reason": "a damaged cache file is passed over; botocore stops with KeyError",
                        "result": {"endpoint": "https://bedrock-runtime.eu-west-1.amazonaws.com", "region": "eu-west-1", "secret": "sts-secret", "token": "sts",
                                   "id": f"STS https://sts.eu-west-1.amazonaws.com Action=AssumeRole ExternalId=éé RoleArn={ROLE} RoleSessionName=* Version=2011-06-15 by [AKIABASE in eu-west-1 with -]"}})

    # Web identity
    web = {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token", "AWS_ROLE_ARN": ROLE}
    yield case("web identity", web, files=TOKEN_FILE)
    yield case("web identity, session name", {**web, "AWS_ROLE_SESSION_NAME": "me"}, files=TOKEN_FILE)
    yield case("web identity, environment first", {**web, **ENV}, files=TOKEN_FILE)
    yield case("web identity, not with a profile by flag", web, plain, keys, files=TOKEN_FILE, profile="x")
    yield case("web identity, with AWS_PROFILE", {**web, "AWS_PROFILE": "x"}, plain, keys, files=TOKEN_FILE)
    yield case("web identity, no role", {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token"}, files=TOKEN_FILE)
    yield case("web identity, role only", {"AWS_ROLE_ARN": ROLE}, plain, keys)
    yield case("web identity, no file", web)
    yield case("web identity in the profile", None, profile("w", role_arn=ROLE, web_identity_token_file="{HOME}/token", role_session_name="name"), files=TOKEN_FILE, profile="w")
    yield case("web identity in the profile, no role", None, profile("w", web_identity_token_file="{HOME}/token"), files=TOKEN_FILE, profile="w")
    yield case("web identity half and half", {"AWS_ROLE_ARN": ROLE}, profile("default", web_identity_token_file="{HOME}/token"), files=TOKEN_FILE)
    yield case("web identity beats source_profile", None, role(source_profile="base", web_identity_token_file="{HOME}/token") + base, files=TOKEN_FILE, profile="r")
    for name in ["denied", "expired", "500", "503", "throttled", "html", "refused"]:
        yield case(f"web identity, STS: {name}", web, files=TOKEN_FILE, faults={"sts": name})

    # IAM Identity Center
    def sso(**more):
        return profile("s", region="us-west-2", **more)

    with_session = sso(**SSO, sso_session="corp") + SESSION
    yield case("SSO session", None, with_session, files=sso_token("corp"), profile="s")
    yield case("SSO session, not logged in", None, with_session, profile="s")
    yield case("SSO session, damaged login", None, with_session, files={f".aws/sso/cache/{hashlib.sha1(b'corp').hexdigest()}.json": "{}"}, profile="s")
    yield case("SSO session, expired", None, with_session, files=sso_token("corp", expires=PAST), profile="s")
    yield case("SSO session, renewed", None, with_session, files=sso_token("corp", expires=PAST, **REGISTRATION), profile="s")
    yield case("SSO session, renewed elsewhere", {"AWS_ENDPOINT_URL_SSO_OIDC": "http://oidc.example", "AWS_ENDPOINT_URL_SSO": "http://sso.example"}, with_session, files=sso_token("corp", expires=PAST, **REGISTRATION), profile="s")
    yield case("SSO session, registration expired", None, with_session, files=sso_token("corp", expires=PAST, **{**REGISTRATION, "registrationExpiresAt": PAST}), profile="s")
    for missing in REGISTRATION:
        yield case(f"SSO session, no {missing}", None, with_session, files=sso_token("corp", expires=PAST, **{k: v for k, v in REGISTRATION.items() if k != missing}), profile="s")
    for name in ["expired", "500", "503", "throttled", "refused", "html"]:
        yield case(f"SSO session, OIDC: {name}", None, with_session, files=sso_token("corp", expires=PAST, **REGISTRATION), faults={"oidc": name}, profile="s")
    yield case("SSO session, missing", None, sso(**SSO, sso_session="nope") + SESSION, profile="s")
    yield case("SSO session, contradiction", None, sso(**SSO, sso_session="corp", sso_region="us-east-1") + SESSION, files=sso_token("corp"), profile="s")
    yield case("SSO session, the same twice", None, sso(**LEGACY, sso_session="corp").replace("eu-west-1", "eu-central-1") + SESSION, files=sso_token("corp"), profile="s")
    yield case("SSO session without region", None, sso(**SSO, sso_session="corp") + profile("sso-session corp", sso_start_url=START), files=sso_token("corp"), profile="s")
    yield case("SSO session without start URL", None, sso(**SSO, sso_session="corp") + profile("sso-session corp", sso_region="eu-west-1"), files=sso_token("corp"), profile="s")
    yield case("SSO, role only", None, sso(sso_role_name="Reader", sso_session="corp") + SESSION, files=sso_token("corp"), profile="s")
    yield case("SSO, account only", None, sso(sso_account_id="1", sso_session="corp") + SESSION, files=sso_token("corp"), profile="s")
    yield case("SSO, session only", None, sso(sso_session="corp") + SESSION, files=sso_token("corp"), profile="s")
    yield case("SSO of old", None, sso(**LEGACY), files=sso_token(START), profile="s")
    yield case("SSO of old, not logged in", None, sso(**LEGACY), profile="s")
    yield case("SSO of old, expired", None, sso(**LEGACY), files=sso_token(START, expires=PAST, **REGISTRATION), profile="s")
    yield case("SSO of old, no region", None, sso(**{k: v for k, v in LEGACY.items() if k != "sso_region"}), files=sso_token(START), profile="s")
    yield case("SSO beats keys", None, sso(**LEGACY, **static("s")), files=sso_token(START), profile="s")
    yield case("SSO, environment first", {**ENV, "AWS_PROFILE": "s"}, sso(**LEGACY), files=sso_token(START))
    for name in ["denied", "expired", "500", "503", "throttled", "html", "json", "refused"]:
        yield case(f"SSO: {name}", None, with_session, files=sso_token("corp"), faults={"sso": name}, profile="s")
    yield case("SSO, FIPS", {"AWS_USE_FIPS_ENDPOINT": "true"}, with_session, files=sso_token("corp"), profile="s")
    yield case("SSO, FIPS in GovCloud", {"AWS_USE_FIPS_ENDPOINT": "true"}, with_session.replace("eu-central-1", "us-gov-east-1"), files=sso_token("corp", expires=PAST, **REGISTRATION), profile="s")
    yield case("SSO, dual-stack", {"AWS_USE_DUALSTACK_ENDPOINT": "true"}, with_session, files=sso_token("corp"), profile="s")
    yield case("SSO, China", None, with_session.replace("eu-central-1", "cn-north-1"), files=sso_token("corp"), profile="s")
    sso_key = hashlib.sha1(json.dumps({"accountId": SSO["sso_account_id"], "roleName": "Reader", "sessionName": "corp"}, separators=(",", ":")).encode()).hexdigest()
    yield case("SSO, cached", None, with_session, files={f".aws/cli/cache/{sso_key}.json": json.dumps({"ProviderType": "sso", "Credentials": {"AccessKeyId": "ASIASSO", "SecretAccessKey": "c", "SessionToken": "ct", "Expiration": FAR}})}, profile="s")
    old_key = hashlib.sha1(json.dumps({"accountId": SSO["sso_account_id"], "roleName": "Reader", "startUrl": START}, separators=(",", ":")).encode()).hexdigest()
    yield case("SSO of old, cached", None, sso(**LEGACY), files={f".aws/cli/cache/{old_key}.json": json.dumps({"ProviderType": "sso", "Credentials": {"AccessKeyId": "ASIASSO", "SecretAccessKey": "c", "SessionToken": "ct", "Expiration": FAR}})}, profile="s")

    # Processes
    def runs(command, **more):
        return profile("p", region="us-west-2", credential_process=command, **more)

    yield case("process", None, runs(PROCESS), profile="p")
    yield case("process, keys in the credentials file first", None, runs(PROCESS), section("p", **static("p")), profile="p")
    yield case("process beats keys in the config file", None, runs(PROCESS, **static("p")), profile="p")
    yield case("process in the credentials file", None, None, section("p", credential_process=PROCESS), profile="p")
    yield case("process, no token", None, runs(process('{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "s"}')), profile="p")
    yield case("process, not expired", None, runs(process('{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "%s"}' % FAR)), profile="p")
    yield case("process, expired", None, runs(process('{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "%s"}' % PAST)), profile="p")
    yield case("process, version 2", None, runs(process('{"Version": 2, "AccessKeyId": "A", "SecretAccessKey": "s"}')), profile="p")
    yield case("process, no version", None, runs(process('{"AccessKeyId": "A", "SecretAccessKey": "s"}')), profile="p")
    yield case("process, no secret", None, runs(process('{"Version": 1, "AccessKeyId": "A"}')), profile="p")
    yield case("process, nonsense", None, runs("/bin/echo hello"), profile="p")
    yield case("process, nothing", None, runs("/bin/true"), profile="p")
    yield case("process, fails", None, runs("/bin/sh -c 'echo oops >&2; exit 3'"), profile="p")
    yield case("process, killed", None, runs("/bin/sh -c 'kill -9 $$'"), profile="p")
    yield case("process, not there", None, runs("/nowhere/program"), profile="p")
    yield case("process, in PATH", None, runs(PROCESS.replace("/bin/echo", "echo")), profile="p")
    yield case("process, without a shell", None, runs("echo {} | cat"), profile="p")
    yield case("process, open quote", None, runs("echo 'x"), profile="p")
    yield case("process, arguments", None, runs("""sh -c 'printf "{\\"Version\\":1,\\"AccessKeyId\\":\\"$0\\",\\"SecretAccessKey\\":\\"$1\\"}"' "one two" three\\ four"""), profile="p")
    yield case("process sees the environment", {"WORD": "seen"}, runs("""sh -c 'printf "{\\"Version\\":1,\\"AccessKeyId\\":\\"$WORD\\",\\"SecretAccessKey\\":\\"s\\"}"'"""), profile="p")
    yield case("process, environment first", {**ENV, "AWS_PROFILE": "p"}, runs("/bin/false"))

    # Containers
    yield case("container, relative", {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x?id=1"}, plain)
    yield case("container, files first", {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"}, plain, keys)
    yield case("container, with a profile by flag", {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"}, plain, profile="empty")
    yield case("container, relative first", {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/full"}, plain)
    for full in ["http://localhost:8/full", "http://127.0.0.1/f", "http://127.255.0.9/f", "http://[::1]:8/f", "http://169.254.170.2/f", "http://169.254.170.23/f", "http://[fd00:ec2::23]/f",
                 "https://anywhere.example/f", "http://anywhere.example/f", "http://10.0.0.1/f", "http://[fd00:ec2::24]/f", "http://localhost.example/f", "http://127.0.0.1.example/f", "http://169.254.170.2@evil.example/f"]:
        yield case(f"container, full {full}", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": full}, plain)
    yield case("container, token", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/f", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic abc"}, plain)
    yield case("container, token file", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/f", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "no", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{HOME}/token"}, plain, files=TOKEN_FILE)
    yield case("container, token file with a newline", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/f", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{HOME}/token"}, plain, files={"token": "t\n"})
    yield case("container, no token file", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/f", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{HOME}/nowhere"}, plain)
    yield case("container, token with a newline", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/f", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\r\nb"}, plain)
    for name in ["denied", "500", "503", "throttled", "html", "json"]:
        yield case(f"container: {name}", {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"}, plain, faults={"container": name})
    yield case("container: refused", {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"}, plain, faults={"container": "refused"},
               differs={"reason": "a service that cannot be reached is `connection` in SPEC; botocore has one error for that and for a refusal",
                        "result": {"error": "connection"}})

    # Instance metadata
    imds = {"AWS_EC2_METADATA_DISABLED": "false"}
    yield case("metadata", imds, plain, faults={"imds": "present"})
    yield case("metadata, absent", imds, plain)
    yield case("metadata, 500", imds, plain, faults={"imds": "500"})
    yield case("metadata, disabled", {"AWS_EC2_METADATA_DISABLED": "TRUE"}, plain, faults={"imds": "present"})
    yield case("metadata, files first", imds, plain, keys, faults={"imds": "present"})
    yield case("metadata elsewhere", {**imds, "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://imds.example/"}, plain, faults={"imds": "present"})
    yield case("metadata elsewhere by profile", imds, profile("default", ec2_metadata_service_endpoint="http://imds.example:1"), faults={"imds": "present"})
    yield case("metadata over IPv6", {**imds, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"}, plain, faults={"imds": "present"})
    yield case("metadata over IPv6, of old", {**imds, "AWS_IMDS_USE_IPV6": "true"}, plain, faults={"imds": "present"})
    yield case("metadata, mode of nonsense", {**imds, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv5"}, plain, faults={"imds": "present"})
    yield case("metadata, endpoint of nonsense", {**imds, "AWS_EC2_METADATA_SERVICE_ENDPOINT": "nonsense"}, plain, faults={"imds": "present"})
    yield case("metadata, version 1 only", imds, plain, faults={"imds": "v1"},
               differs={"reason": "version 1 is not asked: it answers whoever can make the machine send a request", "result": {"error": "no_credentials"}})
    yield case("metadata, a role that fails", imds, plain, faults={"imds": "unauthorized"},
               differs={"reason": "an instance that has a role and no credentials for it is told as such; botocore goes on as if there were none",
                        "result": {"error": "credentials_failed"}})
    unused = "settings of instance metadata matter only if it is asked; botocore checks them for every client"
    environment = {"endpoint": "https://bedrock-runtime.eu-west-1.amazonaws.com", "region": "eu-west-1", "id": "AKIAENV", "secret": "secret-env", "token": None}
    yield case("metadata, mode of nonsense, not asked", {**ENV, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv5"}, plain, differs={"reason": unused, "result": environment})
    yield case("metadata, timeout of nonsense, not asked", {**ENV, "AWS_METADATA_SERVICE_TIMEOUT": "soon"}, plain, differs={"reason": unused, "result": environment})
    old = "files of the first EC2 tools and of boto 2 are not read: SPEC does not list them and no other SDK reads them"
    yield case("AWS_CREDENTIAL_FILE", {"AWS_CREDENTIAL_FILE": "{HOME}/old"}, plain, files={"old": "AWSAccessKeyId=AKIAOLD\nAWSSecretKey=secret-old\n"},
               differs={"reason": old, "result": {"error": "no_credentials"}})
    yield case("BOTO_CONFIG", {"BOTO_CONFIG": "{HOME}/boto"}, plain, files={"boto": section("Credentials", **static("boto"))},
               differs={"reason": old, "result": {"error": "no_credentials"}})
    login = {".aws/login/cache/" + hashlib.sha256(b"me").hexdigest() + ".json": json.dumps({"accessToken": {"accessKeyId": "ASIALOGIN", "secretAccessKey": "s", "sessionToken": "t", "accountId": "1", "expiresAt": FAR}})}
    yield case("aws login", None, profile("l", region="eu-west-1", login_session="me"), files=login, profile="l",
               differs={"reason": "a login of `aws login` is used while it lasts; botocore wants awscrt for it",
                        "result": {"endpoint": "https://bedrock-runtime.eu-west-1.amazonaws.com", "region": "eu-west-1", "id": "ASIALOGIN", "secret": "s", "token": "t"}})
    yield case("metadata, timeout of nonsense", {**imds, "AWS_METADATA_SERVICE_TIMEOUT": "soon"}, plain, faults={"imds": "present"})


def random_case(number, source):
    """Everything at once."""
    def maybe(share):
        return source.random() < share

    environment = {}
    if maybe(0.25):
        environment |= ENV if maybe(0.8) else {"AWS_ACCESS_KEY_ID": "A"}
        if maybe(0.3):
            environment["AWS_SESSION_TOKEN"] = source.choice(["t", ""])
    if maybe(0.08):
        environment["AWS_BEARER_TOKEN_BEDROCK"] = "bedrock-key"
        for name in ENV:
            environment.pop(name, None)
    if maybe(0.2):
        environment |= {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token"}
        if maybe(0.8):
            environment["AWS_ROLE_ARN"] = ROLE + "/web"
    if maybe(0.2):
        environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/c"
    if maybe(0.2):
        environment["AWS_DEFAULT_REGION"] = source.choice(["us-east-2", "cn-north-1", "eu-west-2", ""])
    if maybe(0.2):
        environment["AWS_REGION"] = source.choice(["us-gov-west-1", "ap-south-2", ""])
    if maybe(0.15):
        environment["AWS_ENDPOINT_URL"] = "http://all.example:1"
    for service in ["BEDROCK_RUNTIME", "STS", "SSO", "SSO_OIDC"]:
        if maybe(0.1):
            environment[f"AWS_ENDPOINT_URL_{service}"] = f"http://{service.lower().replace('_', '-')}.example/p"
    if maybe(0.1):
        environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = source.choice(["true", "false"])
    if maybe(0.07):
        environment["AWS_USE_FIPS_ENDPOINT"] = source.choice(["true", "false"])
    if maybe(0.07):
        environment["AWS_USE_DUALSTACK_ENDPOINT"] = "true"
    if maybe(0.1):
        environment["AWS_STS_REGIONAL_ENDPOINTS"] = source.choice(["legacy", "regional"])
    if maybe(0.05):
        environment["AWS_EC2_METADATA_DISABLED"] = "false"
    names = ["default", "a", "b", "c", "d"]
    if maybe(0.3):
        environment["AWS_PROFILE"] = source.choice(names + ["nope", ""])
    if maybe(0.1):
        environment["AWS_DEFAULT_PROFILE"] = source.choice(names)

    def settings(name):
        keys = {}
        if maybe(0.4):
            keys["region"] = source.choice(["eu-west-1", "us-isob-east-1", "eu-south-2", "fips-us-east-1"])
        match source.randrange(9):
            case 0 | 1:
                keys |= static(name)
            case 2 | 3:
                keys |= {"role_arn": f"{ROLE}/{name}"}
                if maybe(0.85):
                    keys["source_profile"] = source.choice(names)
                if maybe(0.25):
                    keys["credential_source"] = source.choice(["Environment", "EcsContainer", "Ec2InstanceMetadata"])
                    if maybe(0.9):
                        keys.pop("source_profile", None)
                for key, value in [("external_id", "an-id"), ("role_session_name", "me"), ("duration_seconds", "1234"), ("mfa_serial", "GAHT12345678")]:
                    if maybe(0.2):
                        keys[key] = value
                if maybe(0.3):
                    keys |= static(name)
            case 4:
                keys |= {"role_arn": f"{ROLE}/{name}", "web_identity_token_file": "{HOME}/token"}
            case 5:
                keys |= {**SSO, "sso_session": source.choice(["corp", "corp", "old", "nope"])}
            case 6:
                keys |= LEGACY
            case 7:
                keys |= {"credential_process": source.choice([PROCESS, PROCESS, "/bin/false", "/bin/echo {}"])}
        if maybe(0.1):
            keys["endpoint_url"] = "http://profile.example"
        if maybe(0.1):
            keys["services"] = source.choice(["s", "s", "t"])
        if maybe(0.05):
            keys["ignore_configured_endpoint_urls"] = "true"
        if maybe(0.05):
            keys["sts_regional_endpoints"] = "legacy"
        return keys

    files = {**TOKEN_FILE}
    if maybe(0.9):
        text = "".join(profile(name, **settings(name)) for name in names if maybe(0.85))
        text += SESSION + profile("sso-session old", sso_start_url=START + "2", sso_region="us-east-1")
        text += "[services s]\nbedrock_runtime =\n  endpoint_url = http://section.example/x\nsts =\n  endpoint_url = http://section-sts.example\n"
        files[CONFIG] = text
    if maybe(0.5):
        files[CREDENTIALS] = "".join(section(name, **(static(name + "file") if maybe(0.7) else settings(name))) for name in names if maybe(0.5))
    files |= sso_token("corp", expires=source.choice([FAR, PAST]), **(REGISTRATION if maybe(0.7) else {}))
    files |= sso_token("old", expires=source.choice([FAR, PAST]))
    files |= sso_token(START, expires=source.choice([FAR, FAR, PAST]))
    flags = {}
    if maybe(0.4):
        flags["profile"] = source.choice(names)
    if maybe(0.15):
        flags["region"] = source.choice(["us-west-2", "eu-isoe-west-1", "ap-northeast-1"])
    if maybe(0.1):
        flags["endpoint_url"] = "https://flag.example:8443/"
    faults = {}
    for service in ["sts", "sso", "oidc"]:
        if maybe(0.06):
            faults[service] = source.choice(["denied", "expired", "500", "html", "refused"])
    if maybe(0.5):
        faults["imds"] = "present"
    return {"name": f"random {number}", "environment": environment, "files": files, "flags": flags, "faults": faults}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--random", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only-random", action="store_true")
    arguments = parser.parse_args()
    source = random.Random(arguments.seed)
    cases = [] if arguments.only_random else list(hand_written())
    cases += [random_case(number, source) for number in range(arguments.random)]
    unknown, known = [], []
    for case in cases:
        result, used, differs = oracle(case)
        if differs:
            case["differs"] = differs
        exception = result.pop("exception", None)
        if "EndpointVariantError" in result.get("error", ""):
            continue  # botocore's older table of endpoints has a gap there that its rules for Bedrock do not have
        known.append(case)
        if result.get("error", "").startswith("?") and "differs" not in case:
            unknown.append((case["name"], result["error"]))
        case["botocore"] = {**result, "exception": exception} if exception and "error" in result else result
        if used:
            case["translated"] = used
    shutil.rmtree(HOME)
    for name, error in unknown:
        print(f"{name}: {error}", file=sys.stderr)
    write_cases(arguments.file, known, botocore=botocore.__version__, translations=TRANSLATIONS)
    print(f"{len(known)} cases", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
