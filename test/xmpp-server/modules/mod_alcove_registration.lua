-- For tests: how a server may answer somebody who wants an account, by what `alcove_registration` names:
--   picture   letters in a picture have to be typed (XEP-0158, the picture by XEP-0231); they are "herons"
--   strict    passwords of fewer than 16 characters are refused, in words of its own
--   busy      nobody now, because of too many
--   web       on a page of the server's alone (XEP-0066)
--   cut       the connection ends with the first form that is sent, after the account was made
-- Else it does nothing.
local how = module:get_option_string("alcove_registration")
if not how then return end

local st = require "util.stanza"
local NS = "jabber:iq:register"
local PICTURE = table.concat({
  "iVBORw0KGgoAAAANSUhEUgAAAJYAAAAyCAAAAACb533GAAABaElEQVR42u2ZWxbDIAhEWY5rcv/7sK8k6jignLanaQtfjXHwAj6S",
  "VMopTU6OlW4WWIEVWIEVWD+K1XCdgPDnsKD/a2P5eyyXf8ByaAPLjeWYUabr1BvDyr1pDE0TU9hYqJhgZW4GlqbQs6soFKyyCyA6",
  "ELEwAKBT8DCgkgjWYt3vsKRvt8ZhtmZWsUMxhsEmWHUGWMMQnY4Mg2FgxdAhNB3Oqtcm8QLpGLHaYsKlvgohNSQygtWAyX45rFvE",
  "6nuNYbD53c47rRq9m00h9ecUq8KwMPiD2w4zr0YHJgfVCtbmvS+nifVQlGOTmWPd+0oZdgRbdh2Fh1E0N7tC8U/OjJylVl+TwQ78",
  "CN+BlexJwo6yK1ZxYqWcnFjJnCT0hBXbYSJYycayw/tbLEcV51jQvopV5mn5UqxFrgFr+lgZWE9grfWfY5HlJK7Bll4rvg3L4foN",
  "WO73tcB68nvJ2/7zCaxPfA0MrLldAKmRmMSuVYa9AAAAAElFTkSuQmCC",
})
local CID = "sha1+0000000000000000000000000000000000000000@bob.xmpp.org"

local function picture_form(stanza)
  return st.reply(stanza):tag("query", { xmlns = NS })
    :text_tag("instructions", "Type the letters of the picture")
    :tag("x", { xmlns = "jabber:x:data", type = "form" })
      :tag("field", { var = "FORM_TYPE", type = "hidden" }):text_tag("value", "urn:xmpp:captcha"):up()
      :tag("field", { var = "challenge", type = "hidden" }):text_tag("value", "F3A6292C"):up()
      :tag("field", { var = "username", type = "text-single", label = "User" }):tag("required"):up():up()
      :tag("field", { var = "password", type = "text-private", label = "Password" }):tag("required"):up():up()
      :tag("field", { var = "ocr", type = "text-single", label = "Enter the text you see" })
        :tag("media", { xmlns = "urn:xmpp:media-element" })
          :tag("uri", { type = "image/png" }):text("cid:" .. CID):up():up()
        :tag("required"):up():up():up()
    :tag("data", { xmlns = "urn:xmpp:bob", cid = CID, type = "image/png", ["max-age"] = "0" }):text(PICTURE)
end

local function value_of(query, name)
  local form = query:get_child("x", "jabber:x:data")
  for field in form and form:childtags("field") or function() end do
    if field.attr.var == name then return field:get_child_text("value") end
  end
end

module:hook("stanza/iq/" .. NS .. ":query", function(event)
  local session, stanza = event.origin, event.stanza
  local asks = stanza.attr.type == "get"
  if how == "picture" and asks then
    session.send(picture_form(stanza))
    return true
  elseif how == "picture" and value_of(stanza.tags[1], "ocr") ~= "herons" then
    session.send(st.error_reply(stanza, "cancel", "not-allowed", "The CAPTCHA verification has failed"))
    return true
  elseif how == "cut" and not asks then
    session.send = function() end
  elseif how == "web" then
    session.send(st.reply(stanza):tag("query", { xmlns = NS }):text_tag("instructions", "On our page")
      :tag("x", { xmlns = "jabber:x:oob" }):text_tag("url", "https://accounts.web.test/join"))
    return true
  end
end, 10)

module:hook("user-registered", function(event)
  if how == "cut" then event.session.conn:close() end
end)

module:hook("user-registering", function(user)
  if how == "strict" and #user.password < 16 then
    user.allowed, user.error_type, user.error_condition = false, "modify", "not-acceptable"
    user.reason = "The password is too weak: sixteen characters are needed."
  elseif how == "busy" then
    user.allowed, user.error_type, user.error_condition = false, "wait", "policy-violation"
    user.reason = "Too many registrations from this IP address recently."
  end
end)
