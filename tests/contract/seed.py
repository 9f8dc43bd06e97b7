"""Puts one of each thing into a fresh endpoint and prints, as settings for schemathesis, the words that name them."""

import json
import os
import sys
import time
import urllib.request

ADDRESS = os.environ["QINGTING_ADDRESS"]


def ask(method, path, body=None, key=None, version=None, kind="application/json"):
    data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(ADDRESS + path, data=data, method=method)
    if body is not None:
        request.add_header("content-type", kind)
    if key:
        request.add_header("authorization", "Bearer " + os.environ[key])
    if version is not None:
        request.add_header("if-match", f'"{version}"')
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def sheet(n, overall):
    return {
        "id": f"{n:032x}", "survey": "delivery", "version": 1, "revision": 1, "complete": False, "locale": "zh-CN",
        "started_at": "2026-11-23T10:00:00.000Z", "elapsed_ms": 41200, "answers": {"overall": overall},
        "context": {"channel": "embed", "account": "A-7", "delivery": "SO-1"},
    }


def complaint(n, text, **more):
    body = {"id": f"{n:032x}", "locale": "en", "text": text, "name": "Aoife Byrne", "mail": f"c{n}@example.com", "consent": True}
    return ask("POST", "/v1/complaints", {**body, "context": {"channel": "embed", "account": "A-7"}, **more})


ask("POST", "/v1/responses", sheet(1, 1))
ask("POST", "/v1/responses", sheet(2, 5))
first = complaint(3, "机柜送错了,第二次了")
second = complaint(4, "wrong invoice AGAIN, who do i call??")
praise = complaint(5, "your fitter was great", intent="praise")
told = {"delivery": "SO-1", "contact": "c-1", "delivered_at": "2026-11-20T10:00:00Z", "account": "A-7", "mail": "c1@example.com"}
delivered = ask("POST", "/v1/deliveries", told, "SYSTEM")
visit = ask("POST", "/v1/staff/visits", {
    "account": "A-7", "region": "Jiangsu", "planned_for": "2026-11-24T09:00:00Z", "purpose": "after the second late delivery",
    "team": [1]}, "MANAGER")
campaign = ask("POST", "/v1/staff/campaigns", {
    "title": "Outage", "purpose": "how it was lived through", "since": "2026-11-20T02:00:00Z", "team": [1]}, "EXECUTIVE")
briefing = ask("POST", "/v1/staff/briefings", {
    "account": "A-7", "from": "2026-11-01T00:00:00Z", "until": "2026-11-20T00:00:00Z"}, "MANAGER")
problem = ask("POST", "/v1/staff/problems", {"title": "labels come off", "cases": [first["number"]]}, "MANAGER")
incident = ask("POST", "/v1/staff/incidents", {
    "stages": ["use"], "text": {"en": "The portal is slow.", "zh-CN": "门户响应较慢。"}, "since": "2026-11-26T00:00:00Z",
    "next_update": "2099-01-01T00:00:00Z", "expires_at": "2099-02-01T00:00:00Z"}, "MANAGER", 0)
feed = []
for _ in range(100):
    feed = ask("GET", "/v1/staff/feed", key="MANAGER")["verbatims"]
    if feed:
        break
    time.sleep(0.1)
words = {
    "number": [first["number"], first["number"], second["number"], praise["number"], "1", problem["number"]],
    "id": [1, visit["id"], campaign["id"], briefing["id"], incident["id"], f"{7:032x}"],
    "account": ["A-7"],
    "survey": ["delivery", "relationship"],
    "delivery": ["SO-1"],
    "key": [one["key"] for one in feed] or ["response-1"],
    "code": [delivered["link"].rsplit("/", 1)[1]],
    "response": [f"{1:032x}"],
    "action": ["messages", "confirm", "reject", "reopen", "escalate", "withdraw", "review", "rating"],
    "name": ["queue", "undecided", "steps", "stages", "times", "contacts", "declines", "mix", "misses", "approvals", "causes",
             "recognition", "attention"],
}
print(first["secret"], end="", file=sys.stderr)
print()
for name, values in words.items():
    print(f"[dictionaries.{name}]\nvalues = {json.dumps(values)}\n")
print("[parameters]")
for name in words:
    print(f'"path.{name}" = {{ dictionary = "{name}", probability = 0.6 }}')
print('"header.If-Match" = { dictionary = "version", probability = 0.7 }')
print("\n[dictionaries.version]\nvalues = " + json.dumps([f'"{n}"' for n in range(0, 12)]))
