-- For wrk: posts the requests of a file, one JSON object to a line, each with an id of its own.
--   BODIES=requests.jsonl TARGET=/flights PREFIX=A wrk -t1 -c8 -d20 -s benches/http/post.lua http://127.0.0.1:8080
local target = os.getenv("TARGET") or "/routes"
local prefix = os.getenv("PREFIX") or "L"
local bodies = {}
for line in io.lines(os.getenv("BODIES") or "requests.jsonl") do bodies[#bodies + 1] = line end

local count = 0
function request()
  count = count + 1
  -- A step that shares no factor with the usual sizes goes through all of them in no order of theirs.
  local body = bodies[(count * 7919) % #bodies + 1]
  body = body:gsub('"id": ?"[^"]*"', '"id":"' .. prefix .. count .. '"', 1)
  return wrk.format("POST", target, { ["content-type"] = "application/json" }, body)
end

function done(summary, latency)
  io.write(string.format("%d answers, %.0f a second; p50 %.2f ms, p90 %.2f, p99 %.2f, greatest %.2f; %d not 2xx\n",
    summary.requests, summary.requests * 1e6 / summary.duration, latency:percentile(50) / 1000,
    latency:percentile(90) / 1000, latency:percentile(99) / 1000, latency.max / 1000, summary.errors.status))
end
