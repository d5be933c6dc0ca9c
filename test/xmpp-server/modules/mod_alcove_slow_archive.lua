-- For tests: an archive that takes its time. The seconds stand in the file `archive-delay` of the server's state, which
-- may come and go while it runs; no file, no delay.
local timer = require "util.timer"
local path = os.getenv("XMPP_STATE") .. "/archive-delay"
local query = "iq-set/self/urn:xmpp:mam:2:query"

local function seconds()
  local file = io.open(path)
  if not file then return 0 end
  local text = file:read("*a")
  file:close()
  return tonumber(text) or 0
end

module:hook(query, function(event)
  local delay = seconds()
  if event.delayed or delay <= 0 then return end
  timer.add_task(delay, function()
    event.delayed = true
    module:fire_event(query, event)
  end)
  return true
end, 1000)
