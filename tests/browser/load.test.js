// While five hundred payments a second come from outside, the page samples, says so, and stays as quick as before.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { binary, demo } from "./demo.js";
import { Visit, browser, lateMs } from "./visit.js";

const rate = process.env.SOJOURN_RATE ?? "500";
const seconds = "8";

describe("under load", () => {
  let chromium, place, folder;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "sojourn-browser-"));
    [chromium, place] = await Promise.all([browser(), demo("--write-credentials", join(folder, "credentials.json"))]);
  });
  after(async () => {
    await chromium?.close();
    const { status, said } = await place.end();
    rmSync(folder, { recursive: true, force: true });
    assert.equal(status, 0, said);
  });

  it("samples, says so, and shows a payment of its own at once", async () => {
    const visit = await Visit.begin(chromium, place.playground);
    const given = ["load", "--at", join(folder, "credentials.json"), "--rate", rate, "--seconds", seconds, "--engine", "0"];
    const load = promisify(execFile)(binary, given);
    load.catch(() => {});
    await visit.at("#following").filter({ hasText: /a sample, [\d,]{2,} a second come in/ }).waitFor({ timeout: lateMs });
    await visit.page.evaluate(() => { window.seen.late.length = 0; });
    const frames = visit.page.evaluate(() => new Promise((resolve) => {
      const gaps = [];
      let last = performance.now();
      const frame = (now) => {
        gaps.push(now - last);
        last = now;
        if (gaps.length < 120) requestAnimationFrame(frame);
        else resolve(gaps.sort((one, other) => one - other));
      };
      requestAnimationFrame(frame);
    }));
    await visit.charge("BAYANI", "BUND-ACQ", "77.00");
    await visit.agree("BAYANI");
    await visit.done("BAYANI", "BUND-ACQ", lateMs);
    await visit.agreed(lateMs);
    const gaps = await frames;
    const { stdout } = await load;
    const { late } = await visit.end();
    late.sort((one, other) => one - other);
    console.log(`# at ${rate} payments a second: ${late.length} steps, median ${late[Math.floor(late.length / 2)]} ms from fact to page, slowest ${late.at(-1)} ms; a frame every ${gaps[60].toFixed(0)} ms, slowest ${gaps.at(-1).toFixed(0)} ms`);
    console.log(stdout.split("\n").map((line) => `# ${line}`).join("\n"));
    assert.ok(late.length >= 8, "the payment's steps were seen");
    assert.ok(late[Math.floor(late.length / 2)] < 1000, "steps appear at once, even on a busy machine");
  });
});
