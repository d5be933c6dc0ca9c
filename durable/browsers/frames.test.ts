import assert from "node:assert/strict";
import { test } from "node:test";
import { LIMITS } from "../../worker/contract/limits.ts";
import { parseFrame } from "./frames.ts";

const frames: readonly { readonly name: string; readonly says: string | ArrayBuffer; readonly means?: object }[] = [
  {
    name: "an acknowledgement",
    says: '{"type":"ack","epoch":"e","seq":7}',
    means: { type: "ack", epoch: "e", seq: 7 },
  },
  {
    name: "whether it is looked at",
    says: '{"type":"visible","visible":false}',
    means: { type: "visible", visible: false },
  },
  {
    name: "a frame of a newer page, without what is not known here",
    says: '{"type":"visible","visible":true,"more":1}',
    means: { type: "visible", visible: true },
  },
  {
    name: "whether it may tell of what comes",
    says: '{"type":"visible","visible":false,"notifies":true}',
    means: { type: "visible", visible: false, notifies: true },
  },
  {
    name: "what is done in a composer",
    says: '{"type":"typing","chat":"bob@b.example","state":"paused"}',
    means: { type: "typing", chat: "bob@b.example", state: "paused" },
  },
  { name: "typing to one resource: nothing", says: '{"type":"typing","chat":"bob@b.example/x","state":"paused"}' },
  {
    name: "a state that says when somebody looks: nothing",
    says: '{"type":"typing","chat":"b@b.example","state":"gone"}',
  },
  { name: "another type: nothing", says: '{"type":"shouting"}' },
  { name: "a number that is none: nothing", says: '{"type":"ack","epoch":"e","seq":1.5}' },
  { name: "a number beyond what is exact: nothing", says: '{"type":"ack","epoch":"e","seq":9007199254740992}' },
  { name: "an acknowledgement of no log: nothing", says: '{"type":"ack","seq":7}' },
  { name: "something else than an object: nothing", says: "[null]" },
  { name: "no JSON: nothing", says: "ack" },
  { name: "bytes: nothing", says: new ArrayBuffer(8) },
  {
    name: "more than a frame may hold: nothing",
    says: `{"type":"visible","visible":true,"more":"${"x".repeat(LIMITS.browserFrameBytes)}"}`,
  },
];

for (const { name, says, means } of frames) {
  test(`a browser's frame: ${name}`, () => assert.deepEqual(parseFrame(says), means));
}
