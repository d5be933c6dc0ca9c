-- GET /sessions: the full JIDs bound on this host, one a line. A test asks it how many resources an account has.
-- GET /sessions/binds: every full JID as often as it was bound since the server started. A resumed stream binds nothing.
module:depends("http")

local binds = {}
module:hook("resource-bind", function(event) binds[#binds + 1] = event.session.full_jid end)

local function lines(event, list)
  event.response.headers.content_type = "text/plain; charset=utf-8"
  return table.concat(list, "\n") .. "\n"
end

module:provides("http", {
  default_path = "/sessions",
  route = {
    ["GET"] = function(event)
      local jids = {}
      for jid in pairs(prosody.full_sessions) do jids[#jids + 1] = jid end
      table.sort(jids)
      return lines(event, jids)
    end,
    ["GET /binds"] = function(event) return lines(event, binds) end,
  },
})
