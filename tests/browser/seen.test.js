// How it is seen: both languages, both themes, on a phone, by keyboard alone, by a screen reader; and the two pictures.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { demo } from "./demo.js";
import { Visit, browser } from "./visit.js";

const han = /[\u4e00-\u9fff]/;

describe("seeing it", () => {
  let chromium, place;
  before(async () => { [chromium, place] = await Promise.all([browser(), demo()]); });
  after(async () => {
    await chromium?.close();
    const { status, said } = await place.end();
    assert.equal(status, 0, said);
  });

  // Runs `use` on a visit, and looks at what must hold of every visit.
  async function visiting(how, use) {
    const visit = await Visit.begin(chromium, place.playground, how);
    await use(visit);
    await visit.end();
  }

  // Every state of phone, till and dialog, with axe-core on each.
  async function everyState(visit, name, [wallet, till]) {
    const look = (state) => visit.axe(`${name}, ${state}`);
    await look("home");
    await visit.press(`#phone-${wallet}-show`);
    await visit.screen(`phone-${wallet}`, "code");
    await look("payment code");
    await visit.press(`#phone-${wallet}-leave`);
    await visit.press(`#till-${till}-show`);
    await visit.screen(`till-${till}`, "code");
    await visit.press(`#phone-${wallet}-read`);
    await visit.screen(`phone-${wallet}`, "scan");
    await look("order code and camera");
    await visit.press(`#phone-${wallet}-read-${till}`);
    await visit.screen(`phone-${wallet}`, "review");
    await look("review");
    await visit.agree(wallet);
    await visit.done(wallet, till);
    await visit.agreed();
    await look("receipts");
    await visit.press("#steps .message >> nth=0");
    await visit.at("#opened[open]").waitFor();
    await look("message");
    await visit.press("#opened-close");
    await visit.clear(wallet, till);
    await visit.press(`#till-${till} .sales summary >> nth=0`);
    await visit.press(`#phone-${wallet} .entries summary >> nth=0`);
    await look("history and refund");
    await visit.at(`#till-${till}-amount`).fill("nothing");
    await visit.press(`#till-${till}-show`);
    await visit.at(`#till-${till} .trouble`).waitFor();
    await look("trouble");
    await visit.press(`#phone-${wallet}-silent`);
    await visit.at(`#phone-${wallet}-silent[aria-pressed=true]`).waitFor();
    await look("broken wallet");
    await visit.press(`#phone-${wallet}-sound`);
  }

  const states = [
    [{ language: "en", theme: "light" }, ["BAYANI", "BUND-ACQ"]],
    [{ language: "zh", theme: "dark" }, ["CHAOPHRAYA", "SUMIDA-ACQ"]],
    [{ language: "zh", theme: "light", width: 390, height: 844 }, ["HANOK", "BUND-ACQ"]],
    [{ language: "en", theme: "dark", width: 390, height: 844 }, ["BAYANI", "SUMIDA-ACQ"]],
  ];
  for (const [how, who] of states) {
    const name = `${how.language}, ${how.theme}, ${how.width ?? 1440} wide`;
    it(`axe-core finds nothing: ${name}`, () => visiting(how, (visit) => everyState(visit, name, who)));
  }

  it("speaks the browser's language, and the other one by a link", () => visiting({ bare: true, language: "zh" }, async (visit) => {
    assert.equal(await visit.at("html").getAttribute("lang"), "zh-CN");
    assert.match(await visit.text("#network"), han);
    await visit.press("#other-language");
    await visit.at("html[lang=en][data-connected]").waitFor();
    const words = await visit.page.evaluate(() => document.body.innerText.replace(document.getElementById("other-language").innerText, ""));
    assert.doesNotMatch(words, han);
  }));

  it("has no English sentence left in Chinese", () => visiting({ language: "zh" }, async (visit) => {
    const labels = await visit.page.evaluate(() => [...document.querySelectorAll("h1, h2, h3, dt, legend, button, summary, .empty")]
      .filter((element) => !element.querySelector("[lang]") && !element.matches(".message, [id$='-name']"))
      .map((element) => element.innerText.trim()).filter((text) => text !== ""));
    assert.ok(labels.length > 40);
    assert.deepEqual(labels.filter((text) => !/[\u4e00-\u9fff]/.test(text)), []);
  }));

  it("keeps a theme that was chosen", () => visiting({ theme: "light" }, async (visit) => {
    const ground = () => visit.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await visit.press("#theme");
    const dark = await ground();
    assert.notEqual(dark, light);
    await visit.page.reload();
    await visit.at("html[data-theme=dark][data-connected]").waitFor();
    assert.equal(await ground(), dark);
    await visit.press("#theme");
    assert.equal(await ground(), light);
  }));

  it("shows times in the viewer's zone, and UTC on hover", () => visiting({ timezone: "Asia/Kathmandu" }, async (visit) => {
    const { shown, title, whole } = await visit.page.evaluate(() => {
      const time = document.querySelector("#payments time");
      return { shown: time.innerText, title: time.title, whole: time.dateTime };
    });
    const local = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Kathmandu", timeStyle: "medium" }).format(new Date(whole));
    assert.equal(shown, local);
    assert.equal(title, `${whole.slice(0, 10)} ${whole.slice(11, 23)} UTC`);
  }));

  it("fits a phone", () => visiting({ width: 390, height: 844 }, async (visit) => {
    const wide = await visit.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 390, `${wide} px`);
  }));

  it("shows the essence on one screen of a desk", () => visiting({}, async (visit) => {
    for (const part of ["#phone-BAYANI", "#phone-HANOK", "#network", "#till-SUMIDA-ACQ", "#steps .lifelines", ".lifecycle"]) {
      const box = await visit.at(part).boundingBox();
      assert.ok(box && box.y >= 0 && box.y + box.height <= 900 && box.x + box.width <= 1440, part);
    }
  }));

  it("can be used by keyboard alone", () => visiting({}, async (visit) => {
    const keys = visit.page.keyboard;
    const focused = () => visit.page.evaluate(() => document.activeElement.id);
    // Tabs on until the element with this id has the focus, as a person would.
    async function tabTo(id, key = "Tab") {
      for (let pressed = 0; pressed < 150; pressed += 1) {
        if (await focused() === id) {
          const outlined = await visit.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
          assert.notEqual(outlined, "none", `${id} shows its focus`);
          return;
        }
        await keys.press(key);
      }
      assert.fail(`${id} is not reached by Tab`);
    }
    await keys.press("Tab");
    assert.match(await visit.page.evaluate(() => document.activeElement.innerText), /Skip/);
    await keys.press("Enter");
    await tabTo("till-BUND-ACQ-amount");
    await keys.press("Control+A");
    await keys.type("66.60");
    await keys.press("Enter");
    await visit.screen("till-BUND-ACQ", "code");
    assert.equal(await focused(), "till-BUND-ACQ-screen-code", "the focus goes on to the new screen");
    await tabTo("phone-BAYANI-read", "Shift+Tab");
    await keys.press("Enter");
    await visit.screen("phone-BAYANI", "scan");
    await tabTo("phone-BAYANI-read-BUND-ACQ");
    await keys.press("Enter");
    await visit.screen("phone-BAYANI", "review");
    await tabTo("phone-BAYANI-agree");
    await keys.press("Space");
    await visit.done("BAYANI", "BUND-ACQ");
    assert.match(await visit.text("#till-BUND-ACQ"), /CNY 66\.60/);
    await visit.page.waitForFunction(() => document.getElementById("said").textContent !== "");
    await visit.agreed();
    // A message by keyboard: the dialog keeps the focus and gives it back.
    const message = await visit.at("#steps .message").first().getAttribute("id");
    await tabTo(message);
    await keys.press("Enter");
    await visit.at("#opened[open]").waitFor();
    for (let pressed = 0; pressed < 8; pressed += 1) {
      await keys.press("Tab");
      const inside = await visit.page.evaluate(() => document.activeElement === document.body || document.getElementById("opened").contains(document.activeElement));
      assert.ok(inside, "the focus stays in the dialog");
    }
    await keys.press("Escape");
    assert.equal(await focused(), message);
    await visit.clear("BAYANI", "BUND-ACQ");
  }));

  it("keeps what is typed while the page goes on", () => visiting({}, async (visit) => {
    await visit.at("#till-SUMIDA-ACQ-amount").fill("4321");
    await visit.at("#till-SUMIDA-ACQ-digits").pressSequentially("12");
    await visit.charge("BAYANI", "BUND-ACQ", "9");
    await visit.agree("BAYANI");
    await visit.done("BAYANI", "BUND-ACQ");
    assert.equal(await visit.at("#till-SUMIDA-ACQ-amount").inputValue(), "4321");
    assert.equal(await visit.at("#till-SUMIDA-ACQ-digits").inputValue(), "12");
    await visit.clear("BAYANI", "BUND-ACQ");
  }));

  it("moves less for who wants that", () => visiting({ motion: "reduce" }, async (visit) => {
    const moving = await visit.page.evaluate(() => document.getAnimations().length);
    assert.equal(moving, 0);
  }));

  it("takes the pictures of the README when it is told to", { skip: process.env.SOJOURN_PICTURES === undefined }, async () => {
    const folder = fileURLToPath(new URL("../../docs/images/", import.meta.url));
    mkdirSync(folder, { recursive: true });
    await visiting({}, async (visit) => {
      await visit.charge("CHAOPHRAYA", "BUND-ACQ", "128.00");
      await visit.agree("CHAOPHRAYA");
      await visit.done("CHAOPHRAYA", "BUND-ACQ");
      await visit.press("#phone-HANOK-show");
      await visit.at("#till-SUMIDA-ACQ-amount").fill("1280");
      await visit.press("#till-SUMIDA-ACQ-show");
      await visit.screen("till-SUMIDA-ACQ", "code");
      await visit.press("#phone-BAYANI-read");
      await visit.press("#phone-BAYANI-read-SUMIDA-ACQ");
      await visit.screen("phone-BAYANI", "review");
      const paid = await visit.at("#payments li a").nth(1).getAttribute("data-show");
      await visit.press("#payments li a >> nth=1");
      await visit.at(`#steps[data-payment="${paid}"]`).waitFor();
      await visit.agreed();
      await visit.page.mouse.move(5, 5);
      await visit.page.screenshot({ path: `${folder}playground.png` });
    });
    await visiting({ language: "zh", theme: "dark" }, async (visit) => {
      await visit.page.screenshot({ path: `${folder}playground-zh-dark.png` });
    });
  });
});
