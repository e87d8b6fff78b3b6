"""Answers every request of ConverseStream with the same reply, over HTTP and HTTPS.

    replay.py PIECES LENGTH CERTIFICATE KEY → {"http": PORT, "https": PORT}

The simulator has no model that sends many long pieces, and does not speak TLS.
"""

import http.server
import json
import ssl
import struct
import sys
import threading
import zlib


def frame(event, payload):
    headers = b""
    for name, value in [(":event-type", event), (":content-type", "application/json"), (":message-type", "event")]:
        headers += struct.pack(">B", len(name)) + name.encode() + struct.pack(">BH", 7, len(value)) + value.encode()
    body = json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack(">I", zlib.crc32(message))


def reply(pieces, length):
    text = ("All work and no play makes a dull reply. " * (length // 40 + 1))[:length]
    usage = {"inputTokens": 1, "outputTokens": pieces, "totalTokens": pieces + 1}
    return b"".join([
        frame("messageStart", {"role": "assistant"}),
        frame("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": text}}) * pieces,
        frame("contentBlockStop", {"contentBlockIndex": 0}),
        frame("messageStop", {"stopReason": "end_turn"}),
        frame("metadata", {"usage": usage, "metrics": {"latencyMs": 1}}),
    ])


def main():
    pieces, length, certificate, key = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    short, long = reply(1, 40), reply(pieces, length)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one write, and none held back: the wait would be measured with everybody.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = long if "long" in self.path else short
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.amazon.eventstream")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        context = None

        def finish_request(self, request, address):
            # Here and not in the listening thread, where one handshake would keep the next one waiting.
            if self.context:
                request = self.context.wrap_socket(request, server_side=True)
            super().finish_request(request, address)

    plain, secure = Server(("127.0.0.1", 0), Handler), Server(("127.0.0.1", 0), Handler)
    secure.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.context.load_cert_chain(certificate, key)
    threading.Thread(target=secure.serve_forever, daemon=True).start()
    print(json.dumps({"http": plain.server_port, "https": secure.server_port}), flush=True)
    threading.Thread(target=plain.serve_forever, daemon=True).start()
    sys.stdin.read()


main()
