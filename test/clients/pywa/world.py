"""
What the steps of pywa, which knows nothing of Wharf, stand on: clients that take the simulator for Meta, and a server
that reads each webhook with pywa's own parser. Lines of JSON go to stdout; the first says where it listens, and a line
on stdin then where the simulator is.
"""

import inspect
import json
import logging
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pywa
from pywa import WhatsApp
from pywa.api import GraphAPI
from pywa.errors import WhatsAppError

SECRET = "the app's secret"
SHEENA, AMARA, OLIVER = "12025550147", "447700900321", "61491570156"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


def say(**line):
    print(json.dumps(line, default=str), flush=True)


class Rewrite(httpx.HTTPTransport):
    """pywa knows Meta's addresses by heart."""

    def __init__(self, url):
        super().__init__()
        self.url = httpx.URL(url)

    def handle_request(self, request):
        if request.url.host.endswith(".facebook.com"):
            request.url = request.url.copy_with(scheme="http", host=self.url.host, port=self.url.port)
            request.headers["Host"] = f"{self.url.host}:{self.url.port}"
        return super().handle_request(request)


class Complaints(logging.Handler):
    """What pywa logs, by the thread that logs it: several webhooks are read at the same time."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.mine = threading.local()

    @property
    def kept(self):
        if not hasattr(self.mine, "kept"):
            self.mine.kept = []
        return self.mine.kept

    def emit(self, record):
        self.kept.append(record.getMessage() + (f": {record.exc_info[1]!r}" if record.exc_info else ""))


class Webhooks:
    """What came, as what pywa read it."""

    def __init__(self):
        self.changed = threading.Condition()
        self.read = []

    def add(self, raw, parsed, complaints):
        with self.changed:
            self.read.append((raw, parsed, complaints))
            self.changed.notify_all()

    def wait(self, matches):
        def found():
            for raw, parsed, _ in self.read:
                value = matches(raw, parsed)
                if value:
                    return value
            return None

        with self.changed:
            if not self.changed.wait_for(found, timeout=60):
                raise TimeoutError("no such webhook came")
            return found()


webhooks = Webhooks()
complaints = Complaints()
logging.getLogger("pywa").addHandler(complaints)
logging.getLogger("pywa").propagate = False
receiver = WhatsApp(app_secret=SECRET, verify_token="verify", skip_duplicate_updates=False, token=None)
parsed_now = threading.local()  # each webhook is read in a thread of its own


def note(_, update):
    parsed_now.update = update


for handler_type in receiver._handlers_to_updates:
    receiver.add_handlers(handler_type(note))


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        parsed_now.update = None
        before = len(complaints.kept)
        refused = receiver.webhook_update_validator(body, self.headers["x-hub-signature-256"])
        _, status = refused or receiver.webhook_update_handler(body)
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()
        if not refused:
            webhooks.add(json.loads(body), parsed_now.update, complaints.kept[before:])

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
say(listening=f"http://127.0.0.1:{server.server_port}/", pywa=pywa.__version__)

told = json.loads(sys.stdin.readline())
URL, PHONE, WABA, APP, BUSINESS = (told[name] for name in ("url", "phone_number_id", "waba_id", "app_id", "business_id"))


def client(token="TOKEN"):
    return WhatsApp(
        phone_id=PHONE,
        waba_id=WABA,
        app_id=APP,
        business_portfolio_id=BUSINESS,
        token=token,
        session=httpx.Client(transport=Rewrite(URL), timeout=60),
    )


wa = client()
API = [name for name, _ in inspect.getmembers(GraphAPI, inspect.isfunction) if not name.startswith("_")]
called = set()


def counted(name):
    method = getattr(wa.api, name)

    def call(*args, **kwargs):
        called.add(name)
        return method(*args, **kwargs)

    return call


for name in API:
    setattr(wa.api, name, counted(name))


def drive(step):
    """What people do is played on the simulator."""
    request = urllib.request.Request(
        f"{URL}/simulator/take",
        data=json.dumps(step).encode(),
        headers={"authorization": "Bearer TOKEN", "content-type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=60).read()


def play(**update):
    drive({"send": [update]})


def person_says(text, **more):
    play(do="say", **{"from": SHEENA, "text": text, **more})
    return webhooks.wait(lambda _, parsed: parsed if getattr(parsed, "text", None) == text else None)


def event(field, **wanted):
    def matches(raw, _):
        for entry in raw["entry"]:
            for change in entry["changes"]:
                if change["field"] != field:
                    continue
                for item in change["value"].get("groups", []) + change["value"].get("calls", []) + [change["value"]]:
                    if all(item.get(key) == value for key, value in wanted.items()):
                        return item
        return None

    return webhooks.wait(matches)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def refused(code, work):
    try:
        work()
    except WhatsAppError as error:
        check(error.code == code, f"refused with {error.code} instead of {code}: {error}")
        check(error.fbtrace_id, "no fbtrace_id")
        return type(error).__name__
    raise AssertionError(f"not refused with {code}")


STEPS = {}


def step(work):
    STEPS[work.__name__] = work
    return work
