-- For tests: an archive that takes its time. The seconds stand in the file `archive-delay` of the server's state, which
-- may come and go while it runs; without the file it answers, what was asked before as well.
local timer = require "util.timer"
local path = os.getenv("XMPP_STATE") .. "/archive-delay"
local query = "iq-set/self/urn:xmpp:mam:2:query"
local look_every = 0.05

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
  local waited = 0
  timer.add_task(look_every, function()
    waited = waited + look_every
    if waited < delay and seconds() > 0 then return look_every end
    event.delayed = true
    module:fire_event(query, event)
  end)
  return true
end, 1000)
