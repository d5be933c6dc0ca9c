-- For tests: how much the server takes. `alcove_announced_bytes` announces a limit for stanzas (XEP-0478), as Prosody does
-- from version 13 on; with `alcove_reads_slowly` it reads no faster than `limits` says (`mod_limits`). Else it does nothing.
if module:get_option_boolean("alcove_reads_slowly") then
  require "core.modulemanager".load("*", "limits")
end

local bytes = module:get_option_number("alcove_announced_bytes")
if not bytes then return end

module:hook("stream-features", function(event)
  if event.origin.type == "c2s_unauthed" then return end
  event.features:tag("limits", { xmlns = "urn:xmpp:stream-limits:0" })
    :text_tag("max-bytes", string.format("%d", bytes)):up()
end)
