-- For `npm run bench -- trace`: one line in the file `trace` of the server's state for each message that a client hands
-- in or is handed, with the time in milliseconds, the direction and the account; nothing of what is said. Off without the
-- global option `alcove_trace = true`.
if not module:get_option_boolean("alcove_trace", false) then return end

local filters = require "util.filters"
local now = require "util.time".now
local file = assert(io.open(os.getenv("XMPP_STATE") .. "/trace", "a"))
file:setvbuf("line")

local function note(direction, session)
  return function(stanza)
    if stanza.name == "message" and stanza.attr.type == "chat" then
      local body = stanza:get_child("encrypted", "eu.siacs.conversations.axolotl") or stanza:get_child("body")
      file:write(string.format("%.3f %s %s %s\n", now() * 1000, direction, session.username or "-",
        body and "text" or "other"))
    end
    return stanza
  end
end

filters.add_filter_hook(function(session)
  if session.type ~= "c2s" and session.type ~= "c2s_unauthed" then return end
  filters.add_filter(session, "stanzas/in", note("in", session))
  filters.add_filter(session, "stanzas/out", note("out", session))
end)
