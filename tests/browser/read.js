// A visit to pages that need no script: watched for everything that must not happen, and looked at in every way.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const soonMs = 20_000;

// Both languages, both themes, a desk and a phone.
export const ways = [
  { language: "en", theme: "light" },
  { language: "zh", theme: "dark" },
  { language: "zh", theme: "light", width: 390, height: 844 },
  { language: "en", theme: "dark", width: 390, height: 844 },
];

function watch() {
  window.violations = [];
  addEventListener("securitypolicyviolation", (event) => {
    window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
  });
}

export class Reading {
  // `how`: language, theme, width, height; `scripts: false` reads without a script.
  static async begin(chromium, how = {}) {
    const { language = "en", theme = "light", width = 1280, height = 900, scripts = true } = how;
    const reading = new Reading();
    reading.context = await chromium.newContext({
      viewport: { width, height }, colorScheme: theme, javaScriptEnabled: scripts, reducedMotion: "reduce",
      locale: language === "zh" ? "zh-CN" : "en-GB", acceptDownloads: true,
    });
    Object.assign(reading, { width, scripts, name: `${language}, ${theme}, ${width} wide`, problems: [], hosts: new Set() });
    reading.page = await reading.context.newPage();
    reading.page.setDefaultTimeout(soonMs);
    reading.page.on("console", (message) => {
      // A page that says no has a status that says no, which the browser notes as an error.
      const noted = /Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
      if (["error", "warning"].includes(message.type()) && !noted) reading.problems.push(`console: ${message.text()}`);
    });
    reading.page.on("pageerror", (error) => reading.problems.push(`script: ${error.message}`));
    reading.page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol !== "data:") reading.hosts.add(url.hostname);
    });
    if (scripts) await reading.page.addInitScript(watch);
    return reading;
  }

  go(address) {
    return this.page.goto(address);
  }

  at(selector) {
    return this.page.locator(selector);
  }

  async text(selector = "main") {
    return (await this.at(selector).first().innerText()).replaceAll("\u00a0", " ");
  }

  async press(selector) {
    await this.at(selector).first().click();
    await this.page.waitForLoadState();
  }

  // Nothing for axe-core to find, nothing wider than the window, nothing against the policy, one heading.
  async look(where) {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(() => globalThis.axe.run());
    const told = found.violations.map(({ id, nodes }) =>
      `${where}, ${this.name}: ${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join("; ")}`);
    assert.deepEqual(told, [], "axe-core finds nothing");
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= this.width, `${where}, ${this.name}: ${wide} px wide`);
    assert.equal(await this.at("h1").count(), 1, `${where}: one heading`);
    assert.deepEqual(await this.page.evaluate(() => window.violations), [], `${where} keeps to its Content-Security-Policy`);
  }

  async end() {
    await this.context.close();
    assert.deepEqual(this.problems, [], "the console is clean");
    assert.deepEqual([...this.hosts], ["127.0.0.1"], "no request leaves the machine");
  }
}
