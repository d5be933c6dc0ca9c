-- Moderators take messages away (XEP-0425): what is kept of one becomes a gravestone, and the room tells everybody. Version 1,
-- and the old one of before 0.3, each asked for and told in its own words.
local st = require "util.stanza"
local jid_node = require "util.jid".node
local new_id = require "util.id".medium
local muc = module:depends("muc")
local archive = module:open_store("muc_log", "archive")

local NS, NS_0 = "urn:xmpp:message-moderate:1", "urn:xmpp:message-moderate:0"
local RETRACT, RETRACT_0 = "urn:xmpp:message-retract:1", "urn:xmpp:message-retract:0"
local FASTEN = "urn:xmpp:fasten:0"

module:hook("muc-disco#info", function(event)
  event.reply:tag("feature", { var = NS }):up():tag("feature", { var = NS_0 }):up()
end)

local function take_away(event, id, reason, build)
  local origin, stanza = event.origin, event.stanza
  local room = muc.get_room_from_jid(stanza.attr.to)
  local by = room and room:get_occupant_jid(stanza.attr.from)
  if not by or room:get_role(by) ~= "moderator" then
    origin.send(st.error_reply(stanza, "auth", "forbidden"))
    return true
  end
  local kept = archive:get(jid_node(room.jid), id)
  if not kept then
    origin.send(st.error_reply(stanza, "modify", "item-not-found"))
    return true
  end
  local grave = st.message({ from = kept.attr.from, type = "groupchat", id = kept.attr.id })
    :tag("retracted", { xmlns = RETRACT, id = id }):tag("moderated", { xmlns = NS, by = by }):up():up()
  archive:set(jid_node(room.jid), id, grave)
  local told = build(st.message({ from = room.jid, type = "groupchat", id = new_id() }), by)
  if reason then told:text_tag("reason", reason) end
  told:reset()
  origin.send(st.reply(stanza))
  room:broadcast_message(told)
  return true
end

module:hook("iq-set/bare/" .. NS .. ":moderate", function(event)
  local asked = event.stanza.tags[1]
  local id = asked.attr.id
  return take_away(event, id, asked:get_child_text("reason"), function(message, by)
    return message:tag("retract", { xmlns = RETRACT, id = id }):tag("moderated", { xmlns = NS, by = by }):up()
  end)
end)

module:hook("iq-set/bare/" .. FASTEN .. ":apply-to", function(event)
  local asked = event.stanza.tags[1]
  local moderate = asked:get_child("moderate", NS_0)
  if not moderate then return end
  return take_away(event, asked.attr.id, moderate:get_child_text("reason"), function(message, by)
    return message:tag("apply-to", { xmlns = FASTEN, id = asked.attr.id })
      :tag("moderated", { xmlns = NS_0, by = by }):tag("retract", { xmlns = RETRACT_0 }):up():up()
  end)
end)

-- What the room says of it is kept, too: whoever was away is told.
module:hook("muc-message-is-historic", function(event)
  local stanza = event.stanza
  if stanza.attr.from ~= event.room.jid then return end
  if stanza:get_child("retract", RETRACT) or stanza:get_child("apply-to", FASTEN) then return true end
end, 1)
