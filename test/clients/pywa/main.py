"""Takes the steps, and tells of each, of each call of pywa's that none made, and of each webhook that was read."""

import json
import sys
import traceback

import steps  # noqa: F401
from world import API, STEPS, called, say, webhooks

for name, work in STEPS.items():
    try:
        say(step=name, ok=True, result=work())
    except Exception as error:  # each is told, and the others go on
        say(step=name, ok=False, error=f"{type(error).__name__}: {error}", trace=traceback.format_exc()[-1500:])
say(uncalled=sorted(set(API) - called))

# When all webhooks were posted.
sys.stdin.readline()
LISTS = ("messages", "statuses", "message_echoes", "calls", "groups", "user_preferences")
NAMES = ("type", "status", "event", "reason", "direction", "response", "value", "category", "new_status")
for raw, parsed, complaints in webhooks.read:
    change = raw["entry"][0]["changes"][0]
    list_name = next((name for name in LISTS if name in change["value"]), None)
    first = change["value"][list_name][0] if list_name else change["value"]
    say(
        webhook=change["field"],
        list=list_name,
        what=first.get("status") or first.get("type") or first.get("event") or first.get("value"),
        to_group=first.get("recipient_type") == "group",
        without=[name for name, place in (("contacts", change["value"]), ("from", first)) if name not in place],
        parsed=type(parsed).__name__ if parsed is not None else None,
        complaints=complaints,
        unknown=[name for name in NAMES if str(getattr(parsed, name, None)) == "UNKNOWN"],
    )
say(end=True)
