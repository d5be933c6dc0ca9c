/**
 * Whichever of both browsers is loaded anew at which moment of a letting in, and however often: it ends with both let in, or one of
 * both screens says what is to be pressed. Many more orders are played by `npm run handover -- --letting-in`.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Interruption, playInterrupted } from "./testing/interrupted.ts";

const newcomer = (...at: readonly number[]): readonly Interruption[] => at.map((nth) => ({ who: "newcomer", at: nth }));
const older = (...at: readonly number[]): readonly Interruption[] => at.map((nth) => ({ who: "older", at: nth }));

const ORDERS: readonly (readonly [string, readonly Interruption[]])[] = [
  ["the older one before it has heard that there is a new one", older(1)],
  ["the older one before its keys have arrived", older(2)],
  ["the older one before it was told which keys were promised", older(3)],
  ["the older one before it could say that it allows", older(4)],
  ["the older one after it, and again before it could show another code", [...older(4), ...older(3)]],
  ["the new one before it could answer, and the older one with it", [...newcomer(5), ...older(2), ...newcomer(3)]],
  ["the new one once more whenever it was told that it is allowed", newcomer(4, 4, 4, 4, 4)],
  ["the new one more often than there are codes without a person", newcomer(3, 3, 3, 3, 3)],
  ["both, in turn", [...older(1), ...newcomer(1), ...older(1), ...newcomer(1)]],
];

describe("somebody is let in, whoever is loaded anew meanwhile", () => {
  for (const [situation, interruptions] of ORDERS) {
    it(situation, async () => {
      const pressed = await playInterrupted(interruptions);
      assert.ok(pressed.includes("Allow and send history"), pressed.join());
    });
  }
});
