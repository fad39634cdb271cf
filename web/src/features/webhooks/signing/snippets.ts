export const SECRET_VARIABLE = "WHARF_SIGNING_SECRET";

/** The signature that a request must carry, by Node's own library. A test runs it. */
export const CHECK = `"sha256=" + createHmac("sha256", process.env.${SECRET_VARIABLE}).update(rawBody).digest("hex")`;

export interface Snippet {
  language: "Node" | "Python" | "PHP" | "Go";
  file: string;
  start: string;
  code: string;
}

/**
 * Small receivers for a URL's path, out of each language's own library. A test runs them.
 * Long: a table of programs, each in one piece as people copy it.
 */
export function snippets(url: string): Snippet[] {
  const path = URL.canParse(url) ? new URL(url).pathname : "/";
  return [
    {
      language: "Node",
      file: "receiver.mjs",
      start: "node receiver.mjs",
      code: `import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const secret = process.env.${SECRET_VARIABLE};

function isGenuine(body, header) {
  const expected = Buffer.from("sha256=" + createHmac("sha256", secret).update(body).digest("hex"));
  const given = Buffer.from(header ?? "");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (request.url.split("?")[0] !== "${path}") return response.writeHead(404).end();
  if (!isGenuine(body, request.headers["x-hub-signature-256"])) return response.writeHead(401).end();
  // Store it, answer, and work on it afterwards.
  console.log(request.headers["webhook-id"], JSON.parse(body));
  response.writeHead(200).end();
}).listen(process.env.PORT ?? 8080);
`,
    },
    {
      language: "Python",
      file: "receiver.py",
      start: "python3 receiver.py",
      code: `import hashlib, hmac, json, os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

secret = os.environ["${SECRET_VARIABLE}"].encode()

def is_genuine(body, header):
    expected = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), (header or "").encode())

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.split("?")[0] != "${path}":
            return self.answer(404)
        if not is_genuine(body, self.headers["X-Hub-Signature-256"]):
            return self.answer(401)
        # Store it, answer, and work on it afterwards.
        print(self.headers["webhook-id"], json.loads(body))
        self.answer(200)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

ThreadingHTTPServer(("", int(os.environ.get("PORT", 8080))), Receiver).serve_forever()
`,
    },
    {
      language: "PHP",
      file: "receiver.php",
      start: "php -S 0.0.0.0:8080 receiver.php",
      code: `<?php
$secret = getenv('${SECRET_VARIABLE}');
$body = file_get_contents('php://input');

function is_genuine(string $body, string $header, string $secret): bool {
    return hash_equals('sha256=' . hash_hmac('sha256', $body, $secret), $header);
}

if (strtok($_SERVER['REQUEST_URI'], '?') !== '${path}') {
    http_response_code(404);
} elseif (!is_genuine($body, $_SERVER['HTTP_X_HUB_SIGNATURE_256'] ?? '', $secret)) {
    http_response_code(401);
} else {
    // Store it, answer, and work on it afterwards.
    error_log($_SERVER['HTTP_WEBHOOK_ID'] . ' ' . $body);
    http_response_code(200);
}
`,
    },
    {
      language: "Go",
      file: "receiver.go",
      start: "go run receiver.go",
      code: `package main

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log"
	"net/http"
	"os"
)

var secret = []byte(os.Getenv("${SECRET_VARIABLE}"))

func isGenuine(body []byte, header string) bool {
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	return hmac.Equal([]byte("sha256="+hex.EncodeToString(mac.Sum(nil))), []byte(header))
}

func receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	switch {
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
	case r.URL.EscapedPath() != "${path}":
		w.WriteHeader(http.StatusNotFound)
	case !isGenuine(body, r.Header.Get("X-Hub-Signature-256")):
		w.WriteHeader(http.StatusUnauthorized)
	default:
		// Store it, answer, and work on it afterwards.
		log.Println(r.Header.Get("webhook-id"), string(body))
	}
}

func main() {
	port := cmp.Or(os.Getenv("PORT"), "8080")
	log.Fatal(http.ListenAndServe(":"+port, http.HandlerFunc(receive)))
}
`,
    },
  ];
}
