-- POST /rooms/<what>?room=tea&…: what an administrator of the conference service could do, so that a test need not be one.
--   create       open to everybody, members shown; `members_only=1`, `anonymous=1`, `no_archive=1` make it otherwise
--   affiliate    `jid`, `affiliation` (none, member, outcast …)
--   kick         `nick`
--   set          `members_only`, `anonymous`: 0 or 1, as an owner would in the form
--   destroy
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
  if not action or (not room and what ~= "create") then return 404 end
  action(room, query)
  return "done\n"
end

module:provides("http", {
  default_path = "/rooms",
  route = { ["POST /*"] = handle, ["GET /*"] = handle },
})
