import { describe, expect, it } from "vitest";
import { foldText, readStatement, wordLists } from "./words.ts";

const defaults = wordLists(null, null);

describe("STOP and START words", () => {
  it.each([
    "STOP",
    "stop ",
    "ＳＴＯＰ",
    "Stop!",
    "s​top",
    "STOP 🛑",
    "BAJA",
    "Arrêt",
    "arret",
    "STOP_PROMOTIONS",
    "बंद",
    "退订",
    "İPTAL",
  ])("%j as a whole message is a stop", (text) => {
    expect(readStatement([text], defaults)).toBe("STOP");
  });

  it.each([
    "please stop by the shop tomorrow",
    "don't stop",
    "non-stop",
    "stopover",
    "",
    "!!!",
    "🛑",
    "unstoppable",
  ])("%j is no statement", (text) => {
    expect(readStatement([text], defaults)).toBeNull();
  });

  it("a button that says both stops", () => {
    expect(readStatement(["START", "Stop promotions"], defaults)).toBe("STOP");
  });

  it("a workspace's own list replaces the built-in one", () => {
    const own = wordLists(["Genug!"], null);
    expect(readStatement(["genug"], own)).toBe("STOP");
    expect(readStatement(["stop"], own)).toBeNull();
    expect(readStatement(["start"], own)).toBe("START");
  });

  it("no word both stops and starts, and every built-in word is found as it is written", () => {
    expect([...defaults.stop].filter((word) => defaults.start.has(word))).toEqual([]);
    for (const word of defaults.stop) expect(foldText(word)).toBe(word);
  });
});
