-- GET /sessions: the full JIDs bound on this host, one a line. A test asks it how many resources an account has.
module:depends("http")

module:provides("http", {
  default_path = "/sessions",
  route = {
    GET = function(event)
      local jids = {}
      for jid in pairs(prosody.full_sessions) do jids[#jids + 1] = jid end
      table.sort(jids)
      event.response.headers.content_type = "text/plain; charset=utf-8"
      return table.concat(jids, "\n") .. "\n"
    end,
  },
})
