"""Stands between a client and a server, and writes down each request as it was sent: tap.py PORT UPSTREAM FILE."""

import http.client
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

port, upstream, file = int(sys.argv[1]), sys.argv[2], sys.argv[3]
kept = {"anthropic-version", "anthropic-beta", "content-type", "x-test-id"}


class Tap(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        secret = next((name for name in ("authorization", "x-api-key", "x-goog-api-key") if name in headers), None)
        line = {
            "path": self.path,
            "headers": {name: value for name, value in headers.items() if name in kept},
            "key": [secret, headers.get(secret)],
            "body": json.loads(body),
        }
        with open(file, "a") as out:
            out.write(json.dumps(line) + "\n")
        forwarded = {name: value for name, value in headers.items() if name not in ("host", "accept-encoding")}
        connection = http.client.HTTPConnection(upstream)
        connection.request("POST", self.path, body, forwarded)
        reply = connection.getresponse()
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("connection", "close")
        self.end_headers()
        while piece := reply.read1():
            self.wfile.write(piece)
            self.wfile.flush()
        self.close_connection = True

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", port), Tap).serve_forever()
