// A visit to the playground: a browser's page that is watched for everything that must not happen, and hands to use it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

// What a text that grows by a digit may move (a layout shift score; 0.1 is where people begin to mind).
const jumpMax = 0.005;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// Nothing that a browser does for itself may leave the machine.
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
// A payment on a busy machine; a crash and what follows it.
export const soonMs = 15_000;
export const lateMs = 45_000;
const scanTries = 3;

export const wallets = ["BAYANI", "CHAOPHRAYA", "HANOK"];
export const tills = ["BUND-ACQ", "SUMIDA-ACQ"];
export const currencyOf = { BAYANI: "PHP", CHAOPHRAYA: "THB", HANOK: "KRW", "BUND-ACQ": "CNY", "SUMIDA-ACQ": "JPY" };

export function browser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: quiet });
}

// Looks at the page from the inside: how long steps took to get there, and whether anything jumped.
function watch() {
  window.seen = { late: [], shifts: [], violations: [] };
  addEventListener("securitypolicyviolation", (event) => {
    window.seen.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
  });
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) {
      // What follows a touch within half a second is an answer to it, not a jump.
      if (shift.hadRecentInput) continue;
      const moved = shift.sources.map(({ node, previousRect, currentRect }) => {
        const name = node?.id || node?.className || node?.parentElement?.id || node?.nodeName;
        const where = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
        return `${name}: ${where(previousRect)} to ${where(currentRect)}`;
      });
      window.seen.shifts.push({ value: shift.value, moved: moved.join("; ") });
    }
  }).observe({ type: "layout-shift", buffered: true });
  // What is on the ladder when the page connects came before it did.
  let begun = Infinity;
  new MutationObserver((changes) => {
    const now = Date.now();
    if (begun === Infinity && document.documentElement?.dataset.connected !== undefined) begun = now;
    for (const change of changes) {
      for (const node of change.addedNodes) {
        const rungs = node.matches?.(".rung") ? [node] : node.querySelectorAll?.(".rung") ?? [];
        for (const rung of rungs) {
          const at = Number(rung.dataset.at);
          if (at > begun) window.seen.late.push(now - at);
        }
      }
    }
  }).observe(document, { childList: true, subtree: true, attributeFilter: ["data-connected"] });
}

export class Visit {
  // `how`: language, theme, width, height; `timezone` of the viewer.
  static async begin(chromium, address, how = {}) {
    const { language = "en", theme = "light", width = 1440, height = 900, timezone = "Asia/Shanghai" } = how;
    const context = await chromium.newContext({
      viewport: { width, height }, colorScheme: theme, timezoneId: timezone, reducedMotion: how.motion ?? "reduce",
      locale: language === "zh" ? "zh-CN" : "en-GB", permissions: ["clipboard-read", "clipboard-write"],
    });
    const visit = new Visit();
    visit.context = context;
    visit.problems = [];
    visit.hosts = new Set();
    visit.page = await context.newPage();
    visit.page.setDefaultTimeout(soonMs);
    visit.page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) visit.problems.push(`console: ${message.text()}`);
    });
    visit.page.on("pageerror", (error) => visit.problems.push(`script: ${error.message}`));
    visit.page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol !== "data:") visit.hosts.add(url.hostname);
    });
    await visit.page.addInitScript(watch);
    await visit.page.goto(how.bare ? address : `${address}?lang=${language}`);
    await visit.page.locator("html[data-ready][data-connected]").waitFor();
    return visit;
  }

  // Nothing that must not happen has happened.
  async end() {
    const seen = await this.page.evaluate(() => window.seen);
    await this.context.close();
    assert.deepEqual(this.problems, [], "the console is clean");
    assert.deepEqual(seen.violations, [], "the page keeps to its Content-Security-Policy");
    assert.deepEqual([...this.hosts], ["127.0.0.1"], "no request leaves the machine");
    const jumped = seen.shifts.filter((shift) => shift.value > jumpMax);
    assert.deepEqual(jumped, [], "nothing jumps");
    return seen;
  }

  async axe(where) {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(() => globalThis.axe.run());
    const told = found.violations.map(({ id, nodes }) =>
      `${where}: ${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join("; ")}`);
    assert.deepEqual(told, [], "axe-core finds nothing");
  }

  at(selector) {
    return this.page.locator(selector);
  }

  async text(selector) {
    return (await this.at(selector).innerText()).replaceAll("\u00a0", " ");
  }

  press(selector) {
    return this.at(selector).click();
  }

  screen(device, name, timeout = soonMs) {
    return this.at(`#${device}-screen-${name}`).waitFor({ timeout });
  }

  mood(wallet, mood) {
    return this.press(`#phone-${wallet}-${mood}`)
      .then(() => this.at(`#phone-${wallet}-${mood}[aria-pressed=true]`).waitFor());
  }

  // Brings a phone and a till back to where they begin, whatever they show.
  async clear(wallet, till) {
    for (const device of [`till-${till}`, `phone-${wallet}`]) {
      const home = this.at(`#${device}-screen-home`);
      const back = this.at(`:is(#${device}-leave, #${device}-cancel, #${device}-refuse)`);
      while (await home.count() === 0) {
        if (await back.count() > 0) await back.first().click();
        await this.page.waitForTimeout(100);
      }
    }
  }

  // The phone shows its code and the till scans it.
  async charge(wallet, till, amount) {
    await this.press(`#phone-${wallet}-show`);
    await this.screen(`phone-${wallet}`, "code");
    await this.at(`#till-${till}-amount`).fill(amount);
    await this.press(`#till-${till}-scan-${wallet}`);
  }

  // The till shows an order's code and the phone scans it.
  async order(wallet, till, amount) {
    await this.at(`#till-${till}-amount`).fill(amount);
    await this.press(`#till-${till}-show`);
    await this.screen(`till-${till}`, "code");
    await this.press(`#phone-${wallet}-read`);
    // A network without a fresh rate says no, and whoever holds the phone tries again.
    for (let tries = 0; tries < scanTries; tries += 1) {
      await this.press(`#phone-${wallet}-read-${till}`);
      const read = this.at(`:is(#phone-${wallet}-screen-review, #phone-${wallet} .trouble)`);
      await read.first().waitFor();
      if (await this.at(`#phone-${wallet}-screen-review`).count() > 0) return;
      await this.page.waitForTimeout(1000);
    }
  }

  async agree(wallet) {
    await this.press(`#phone-${wallet}-agree`);
  }

  async done(wallet, till, timeout = soonMs) {
    await this.screen(`phone-${wallet}`, "done", timeout);
    await this.screen(`till-${till}`, "done", timeout);
  }

  agreed(timeout = soonMs) {
    return this.at("#agreement[data-agrees=true]").waitFor({ timeout });
  }

  // The number of the payment that is looked at.
  async shown() {
    return this.at("#steps").getAttribute("data-payment");
  }
}
