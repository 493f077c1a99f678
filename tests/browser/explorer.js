// The explorer of a chain's node in a real browser: every page without script, in both languages and themes, and a proof
// that is checked by the page itself. Run by hand and by the chain's step: CHAIN=…/sojourn node --test explorer.js

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { browser } from "./visit.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const binary = process.env.CHAIN ?? `${root}target/release/sojourn`;
const startsWithinMs = 180_000;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe("explorer", () => {
  const scratch = mkdtempSync(join(tmpdir(), "sojourn-explorer-"));
  let [chromium, child, base] = [];

  before(async () => {
    child = spawn(binary, ["chain", "demo", "--data", join(scratch, "nodes")], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => { said += data; });
    for (const until = Date.now() + startsWithinMs; !base && Date.now() < until && child.exitCode === null;) {
      base = said.match(/look at (http:\S+)\/explorer/)?.[1];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(base, `the demo did not stay up:\n${said}`);
    chromium = await browser();
  });

  after(async () => {
    await chromium?.close();
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGINT");
    await gone;
    rmSync(scratch, { recursive: true, force: true });
  });

  async function visit(how, act) {
    const context = await chromium.newContext({ colorScheme: how.theme ?? "light", acceptDownloads: true,
      javaScriptEnabled: how.script ?? true, viewport: { width: how.width ?? 1200, height: 900 },
      offline: how.offline ?? false });
    const page = await context.newPage();
    const problems = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && origin !== base) problems.push(`asks ${request.url()}`);
    });
    await act(page, context);
    assert.deepEqual(problems, []);
    await context.close();
  }

  // Every page that pages lead to, a few of each kind.
  async function everyPage(page, language) {
    const [seen, open, kinds] = [new Set(), [`/explorer?lang=${language}`], new Map()];
    while (open.length) {
      const path = open.shift();
      const answer = await page.goto(base + path);
      assert.equal(answer.status(), 200, path);
      assert.equal(await page.locator("html").getAttribute("lang"), language === "zh" ? "zh-CN" : "en", path);
      assert.ok((await page.locator("main").innerText()).trim().length > 0, `${path} is empty`);
      for (const href of await page.locator("a[href^='/explorer']:not([download])").evaluateAll((all) => all.map((a) => a.getAttribute("href")))) {
        const kind = href.replace(/[0-9a-f]{64}|[0-9]+/g, "#");
        if (seen.has(href) || !href.includes(`lang=${language}`) || (kinds.get(kind) ?? 0) >= 3) continue;
        if (/blocks\/\d+/.test(href) && (kinds.get(kind) ?? 0) >= 2) continue;
        seen.add(href);
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        open.push(href);
      }
    }
    return [...kinds.keys()];
  }

  for (const language of ["en", "zh"]) {
    it(`every page is readable without script: ${language}`, () => visit({ script: false }, async (page) => {
      const kinds = await everyPage(page, language);
      for (const kind of ["blocks/#", "certificates/#", "members/#", "programmes/#", "events/#", "auctions", "check"]) {
        assert.ok(kinds.some((found) => found.startsWith(`/explorer/${kind}`)), `${kind} in ${kinds}`);
      }
    }));
  }

  // The demo sells 60,000.00 at a posted 6 % for 90 days, and the rest of the certificate by auction.
  it("a supervisor sees what money costs, whose it is, and drawn shares", () => visit({ script: false }, async (page) => {
    await page.goto(`${base}/explorer/observer?lang=en`);
    const row = page.locator("h2:has-text('per programme') ~ div table tbody tr").first();
    assert.match(await row.innerText(), /Programme 1[\s\S]*CNY[\s\S]*\d\.\d\d %/);
    const bar = await page.locator("td.bar rect").first().boundingBox().catch(() => null);
    assert.ok(bar === null || bar.width > 0, "a share is drawn");
    const questions = page.locator("h2:has-text('Questions for fingerprints') ~ div table tbody tr").first();
    assert.match(await questions.innerText(), /Member \d+\s+\d+/);
  }));

  it("what is not there is said", () => visit({ script: false }, async (page) => {
    for (const path of ["certificates/00", "blocks/99999999", "events/x", "nothing"]) {
      const answer = await page.request.get(`${base}/explorer/${path}`);
      assert.equal(answer.status(), 404, path);
    }
    const answer = await page.request.get(`${base}/explorer/holder?who=%3Cscript%3E`);
    assert.ok(!(await answer.text()).includes("<script>"));
  }));

  for (const theme of ["light", "dark"]) {
    it(`axe-core finds nothing, nothing is wider than a phone: ${theme}`, () => visit({ theme, width: 390 }, async (page) => {
      for (const path of ["", "/auctions", "/holder?who=2", "/funder?who=2", "/buyer?who=4", "/observer", "/check",
        "/programmes/1", "/members/2"]) {
        await page.goto(`${base}/explorer${path}`);
        const context = page.context();
        const session = await context.newCDPSession(page);
        await session.send("Page.setBypassCSP", { enabled: true });
        await session.send("Runtime.evaluate", { expression: axe });
        const found = await page.evaluate(() => globalThis.axe.run());
        const told = found.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.html).join(" ")}`);
        assert.deepEqual(told, [], path);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${path} is ${wide} pixels too wide`);
      }
    }));
  }

  // A certificate that the chain page leads to, and its proof by the button.
  async function downloaded(page) {
    await page.goto(`${base}/explorer/programmes/1`);
    await page.locator("a[href*='/certificates/']").first().click();
    const waiting = page.waitForEvent("download");
    await page.locator("a[download]").first().click();
    const file = join(scratch, "certificate.proof.json");
    await (await waiting).saveAs(file);
    return file;
  }

  async function checked(page, file) {
    await page.locator("input[type=file]").setInputFiles(file);
    await page.locator("#check button").click();
    await page.locator("#shown p").first().waitFor();
    return page.locator("#shown").innerText();
  }

  it("a proof is checked by the page, asking nobody; changed it is refused", () => visit({}, async (page, context) => {
    const file = await downloaded(page);
    await page.goto(`${base}/explorer/check`);
    await page.waitForLoadState("networkidle");
    await context.setOffline(true);
    const said = await checked(page, file);
    assert.match(said, /The proof holds\. \([\d.]+ milliseconds\)/);
    assert.match(said, /record stands/i);
    const text = readFileSync(file, "utf8");
    const spoilt = join(scratch, "spoilt.proof.json");
    writeFileSync(spoilt, text.replace(/"path":\["./, (found) => `${found.slice(0, -1)}${found.at(-1) === "A" ? "B" : "A"}`));
    await page.locator("#shown").evaluate((shown) => shown.replaceChildren());
    assert.match(await checked(page, spoilt), /shows nothing/);
  }));

  it("the check as one file works offline", () => visit({}, async (page, context) => {
    const file = await downloaded(page);
    const chain = (await page.request.get(`${base}/status`).then((answer) => answer.text())).match(/^chain (\S+)/m)[1];
    await page.goto(`${base}/explorer/check`);
    const waiting = page.waitForEvent("download");
    await page.locator("a[download='check-a-proof.html']").click();
    const saved = join(scratch, "check-a-proof.html");
    await (await waiting).saveAs(saved);
    await context.setOffline(true);
    await page.goto(`file://${saved}`);
    await page.locator("input[name=chain]").fill(chain);
    assert.match(await checked(page, file), /The proof holds/);
    await page.locator("input[name=chain]").fill("0".repeat(64));
    await page.locator("#shown").evaluate((shown) => shown.replaceChildren());
    assert.match(await checked(page, file), /another chain/);
  }));
});
