-- A picture for each room, as services of the field keep one: in the room's card (XEP-0054), set by its owners; everybody in
-- the room is told its hash by presence of the room itself (XEP-0153), whoever comes in as well.
module:depends("muc")
local st = require "util.stanza"
local base64 = require "util.encodings".base64
local sha1 = require "util.hashes".sha1
local jid_node = require "util.jid".node
local NS = "vcard-temp"

local cards = module:open_store("room_cards")
local muc = module:depends("muc")

module:add_feature(NS)
module:hook("muc-disco#info", function(event) event.reply:tag("feature", { var = NS }):up() end)

local function card_of(room) return st.deserialize(cards:get(jid_node(room.jid))) end

local function presence_of(room)
  local card = card_of(room)
  local photo = card and card:get_child("PHOTO")
  local bytes = photo and base64.decode(photo:get_child_text("BINVAL") or "")
  return st.presence({ from = room.jid })
    :tag("x", { xmlns = "vcard-temp:x:update" }):text_tag("photo", bytes and sha1(bytes, true) or ""):up()
end

module:hook("iq/bare/vcard-temp:vCard", function(event)
  local origin, stanza = event.origin, event.stanza
  local room = muc.get_room_from_jid(stanza.attr.to)
  if not room then return end
  if stanza.attr.type == "get" then
    local card = card_of(room)
    origin.send(card and st.reply(stanza):add_child(card) or st.error_reply(stanza, "cancel", "item-not-found"))
  elseif room:get_affiliation(stanza.attr.from) ~= "owner" then
    origin.send(st.error_reply(stanza, "auth", "forbidden"))
  else
    cards:set(jid_node(room.jid), st.preserialize(stanza.tags[1]))
    origin.send(st.reply(stanza))
    room:broadcast(presence_of(room))
  end
  return true
end)

module:hook("muc-occupant-session-new", function(event)
  local told = presence_of(event.room)
  told.attr.to = event.stanza.attr.from
  module:send(told)
end, -10)
