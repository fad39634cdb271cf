# Verifies deliveries with nothing but Python's own library, as a receiver in Python would. One JSON request a line on
# stdin, one `true` or `false` a line on stdout.
import base64
import hashlib
import hmac
import json
import sys

for line in sys.stdin:
    request = json.loads(line)
    body = base64.b64decode(request["body"])
    secret = request["secret"]
    headers = request["headers"]
    hub = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    key = base64.b64decode(secret[len("whsec_"):])
    signed = (headers["webhook-id"] + "." + headers["webhook-timestamp"] + ".").encode() + body
    standard = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    accepted = [
        hmac.compare_digest(hub, headers["x-hub-signature-256"]),
        hmac.compare_digest(standard, headers["webhook-signature"]),
    ]
    # Both headers are of one secret, or something is very wrong.
    assert accepted[0] == accepted[1], accepted
    print("true" if all(accepted) else "false")
