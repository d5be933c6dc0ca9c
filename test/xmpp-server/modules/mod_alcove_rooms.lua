-- POST /rooms/<what>?room=tea&…: what an administrator of the conference service could do, so that a test need not be one.
--   create       open to everybody, members shown; `members_only=1`, `anonymous=1`, `no_archive=1`, `password`, `name`,
--                `listed=1` make it otherwise
--   fill         `count` messages of somebody who is gone, "1" the oldest
--   crowd        `count` others are shown to whoever comes in from now on
--   mute         `disco=1`: it answers `remote-server-timeout` when it is asked what it is; 0: as it should
--   hide         `members=1`: it shows its lists of members to nobody but admins
--   affiliate    `jid`, `affiliation` (none, member, outcast …)
--   kick         `nick`
--   set          `members_only`, `anonymous`: 0 or 1, as an owner would in the form
--   destroy
--   announce     `text` to `jid`, in the name of the server itself
-- GET /rooms/occupants?room=tea: nicknames there now, one a line.
module:depends("http")
local url = require "util.http"
local st = require "util.stanza"
local CONFERENCE = "conference.localhost"

local function service() return prosody.hosts[CONFERENCE].modules.muc end
local function address(query) return query.room .. "@" .. CONFERENCE end

local function configure(room, query)
  if query.members_only then room:set_members_only(query.members_only == "1") end
  if query.anonymous then room:set_whois(query.anonymous == "1" and "moderators" or "anyone") end
  if query.no_archive then room._data.archiving = query.no_archive ~= "1" end
  if query.password then room:set_password(query.password) end
  if query.name then room:set_name(query.name) end
  if query.listed then room._data.hidden = nil end
end

local actions = {}

function actions.create(_, query)
  local room = assert(service().create_room(address(query)))
  room:set_persistent(true)
  room:set_whois("anyone")
  configure(room, query)
end

function actions.affiliate(room, query)
  local affiliation = query.affiliation
  if affiliation == "none" then affiliation = nil end
  assert(room:set_affiliation(true, query.jid, affiliation))
end

function actions.kick(room, query) assert(room:set_role(true, room.jid .. "/" .. query.nick, nil)) end

function actions.set(room, query)
  configure(room, query)
  local changed = st.message({ type = "groupchat", from = room.jid })
    :tag("x", { xmlns = "http://jabber.org/protocol/muc#user" }):tag("status", { code = "104" }):up():up()
  room:broadcast(changed)
end

function actions.fill(room, query)
  for n = 1, tonumber(query.count) do
    local said = st.message({ type = "groupchat", from = room.jid .. "/ghost", id = "fill-" .. n }):text_tag("body", tostring(n))
    room:broadcast_message(said)
  end
end

function actions.crowd(room, query)
  service().hooked_crowd = service().hooked_crowd or prosody.hosts[CONFERENCE].events.add_handler("muc-occupant-pre-join", function(event)
    for n = 1, event.room.alcove_crowd or 0 do
      local there = st.presence({ from = ("%s/p%04d"):format(event.room.jid, n), to = event.stanza.attr.from })
        :tag("x", { xmlns = "http://jabber.org/protocol/muc#user" })
        :tag("item", { affiliation = "none", role = "participant", jid = ("p%d@b.example/x"):format(n) }):up():up()
      module:send(there)
    end
  end) or true
  room.alcove_crowd = tonumber(query.count)
end

-- What a service refuses to say, by the namespace of the question and the field of the room that says so.
local silences = {
  { "http://jabber.org/protocol/disco#info", "alcove_mute", "wait", "remote-server-timeout" },
  { "http://jabber.org/protocol/muc#admin", "alcove_hide", "auth", "forbidden" },
}

local function silence()
  if service().alcove_silent then return end
  service().alcove_silent = true
  for _, each in ipairs(silences) do
    local namespace, field, kind, condition = each[1], each[2], each[3], each[4]
    prosody.hosts[CONFERENCE].events.add_handler("iq-get/bare/" .. namespace .. ":query", function(event)
      local room = service().get_room_from_jid(event.stanza.attr.to)
      if not room or not room[field] then return end
      local affiliation = room:get_affiliation(event.stanza.attr.from)
      if field == "alcove_hide" and (affiliation == "owner" or affiliation == "admin") then return end
      event.origin.send(st.error_reply(event.stanza, kind, condition))
      return true
    end, 1000)
  end
end

function actions.mute(room, query)
  silence()
  room.alcove_mute = query.disco == "1"
end

function actions.hide(room, query)
  silence()
  room.alcove_hide = query.members == "1"
end

function actions.announce(_, query)
  module:send(st.message({ from = "localhost", to = query.jid, id = "announced" }):text_tag("body", query.text))
end

function actions.destroy(room) room:destroy() end

local function handle(event, what)
  local query = url.formdecode(event.request.url.query or "")
  local room = query.room and service().get_room_from_jid(address(query))
  event.response.headers.content_type = "text/plain; charset=utf-8"
  if event.request.method == "GET" then
    local nicks = {}
    if room then
      for jid in room:each_occupant() do nicks[#nicks + 1] = jid:match("/(.*)$") end
    end
    table.sort(nicks)
    return table.concat(nicks, "\n") .. "\n"
  end
  local action = actions[what]
  if not action or (not room and what ~= "create" and what ~= "announce") then return 404 end
  action(room, query)
  return "done\n"
end

module:provides("http", {
  default_path = "/rooms",
  route = { ["POST /*"] = handle, ["GET /*"] = handle },
})
