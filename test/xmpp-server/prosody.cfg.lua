-- One XMPP server for this machine only: tests and the demo of `npm start`. Everything it needs to know comes from
-- the environment, so that any number of them can run side by side:
--   XMPP_STATE       folder with certs/localhost.{crt,key}; receives data/, the log and the pid file
--   XMPP_PORT        STARTTLS; the next port is direct TLS, the one after HTTP (WebSocket, upload, sessions)
--   XMPP_PLUGINS     folder of this project's own modules
--   XMPP_WITHOUT     modules to leave out, space-separated
--   XMPP_WITH        modules beside them
--   XMPP_INTERFACES  addresses to listen on, space-separated; only a container listens on more than loopback
local state = assert(os.getenv("XMPP_STATE"), "XMPP_STATE is not set")
local port = assert(tonumber(os.getenv("XMPP_PORT")), "XMPP_PORT is not set")
local plugins = assert(os.getenv("XMPP_PLUGINS"), "XMPP_PLUGINS is not set")
local listen = {}
for address in (os.getenv("XMPP_INTERFACES") or "127.0.0.1 ::1"):gmatch("%S+") do listen[#listen + 1] = address end
local without = {}
for name in (os.getenv("XMPP_WITHOUT") or ""):gmatch("%S+") do without[name] = true end
local function with(names)
  local kept = {}
  for name in (os.getenv("XMPP_WITH") or ""):gmatch("%S+") do kept[#kept + 1] = name end
  for _, name in ipairs(names) do
    if not without[name] then kept[#kept + 1] = name end
  end
  return kept
end

pidfile = state .. "/prosody.pid"
data_path = state .. "/data"
certificates = state .. "/certs"
plugin_paths = { plugins }
log = { info = state .. "/prosody.log" }
run_as_root = true -- a throw-away server on loopback

interfaces = listen
local_interfaces = listen
c2s_ports = { port }
c2s_direct_tls_ports = { port + 1 }
http_ports = { port + 2 }
http_interfaces = listen
https_ports = {}
s2s_ports = {}
s2s_direct_tls_ports = {}

authentication = "internal_hashed"
storage = "internal"
allow_registration = false
c2s_require_encryption = true
ssl = { protocol = "tlsv1_2+" }

modules_enabled = with {
  "disco", "roster", "saslauth", "tls", "blocklist", "bookmarks", "carbons", "pep", "private", "smacks", "vcard4",
  "vcard_legacy", "csi_simple", "ping", "time", "uptime", "version", "mam", "websocket",
  "lastactivity", "offline", "alcove_sessions", "alcove_slow_archive", "alcove_rooms", "alcove_trace",
  "alcove_limits",
}
modules_disabled = { "s2s" }

archive_expires_after = "1w"
storage_archive_item_limit = 10000000 -- the default of 10,000 silently cuts the archive of a long run
default_archive_policy = true
consider_websocket_secure = true -- plain ws:// never leaves this machine
http_default_host = "localhost"
http_external_url = "http://localhost:" .. (port + 2) .. "/"
http_file_share_size_limit = 32 * 1024 * 1024
smacks_hibernation_time = 600
pep_max_items = 256

Include(state .. "/extra.cfg.lua")

VirtualHost "localhost"
  ssl = { certificate = state .. "/certs/localhost.crt", key = state .. "/certs/localhost.key" }

Component "conference.localhost" "muc"
  modules_enabled = with { "muc_mam", "vcard_muc", "muc_moderation" }
  restrict_room_creation = false
  muc_log_by_default = true
  muc_room_default_persistent = true
  muc_room_locking = false

Component "upload.localhost" "http_file_share"
  http_host = "localhost" -- the name in its addresses, where it otherwise answers to its own alone
