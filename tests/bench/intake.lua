-- Answer sheets of about 1 KB for wrk, each with an id of its own; `TARGET=ours` or `TARGET=reference` (see tests/bench/intake).
-- Both bodies are put together in the same way, so that the client's own work is the same.
local ours = os.getenv("TARGET") == "ours"
local words = string.rep("n", 560)
local path, before, after
if ours then
  path = "/v1/responses"
  before = '{"id":"'
  after = '","survey":"bench","version":1,"revision":1,"complete":true,"locale":"en","started_at":"2026-11-23T10:00:00.000Z","elapsed_ms":41200,"answers":{"sat":4,"nps":9,"ces":6,"multi":["Speed of answer","Price"],"text":"' .. words .. '"},"context":{"channel":"embed","delivery":"SO-1042","fields":{"page":"/orders/123","pad":"' .. string.rep("p", 95) .. '"}}}'
else
  path = "/r"
  before = '{"id":"'
  after = '","survey":"csat-2026","at":1764000000000,"answers":[{"q":"sat","v":4},{"q":"nps","v":9},{"q":"ces","v":6},{"q":"multi","v":["Speed of answer","Price"]},{"q":"text","v":"' .. words .. '"}],"meta":{"lang":"en","page":"/orders/123","pad":"' .. string.rep("p", 90) .. '","ua":"Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/142 Mobile Safari/537.36"}}'
end
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
-- A run's own beginning, and a count: no two ids are equal.
local run = os.getenv("RUN") or "00000000"
local count = 0
request = function()
  count = count + 1
  return wrk.format(nil, path, nil, before .. string.format("%s%024x", run, count) .. after)
end
done = function(summary, latency)
  io.write(string.format("RESULT %.0f %.0f %.0f %.0f %d %d\n", summary.requests / (summary.duration / 1e6), latency:percentile(50), latency:percentile(99), latency.max,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout, summary.errors.status))
end
