// A client's advice pages: from the first question to a portfolio, by forms alone; an export that verifies without the
// service; and how every page looks.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { binary, demo } from "./demo.js";
import { Reading, ways } from "./read.js";
import { browser } from "./visit.js";

const answers = {
  income: 2, reserve: 2, share: 2, debts: 2, dependants: 2, horizon: 3, need: 2, drop: 2, worst: 3, aim: 2, choice: 2,
  spread: 1, bonds: 1, past: 1,
};
const soon = new Date(Date.now() + 10 * 365 * 86_400_000).toISOString().slice(0, 10);

describe("advice", () => {
  let chromium, place, goal, proposal;
  before(async () => { [chromium, place] = await Promise.all([browser(), demo()]); });
  after(async () => {
    await chromium?.close();
    const { status, said } = await place.end();
    assert.equal(status, 0, said);
  });

  async function reading(how, use) {
    const one = await Reading.begin(chromium, how);
    await use(one);
    await one.end();
  }

  async function answer(page, chosen) {
    await page.at("#age").fill("38");
    for (const [question, option] of Object.entries(chosen)) await page.at(`input[name=answer-${question}][value="${option}"]`).check();
    await page.press("form[method=post] button.primary");
  }

  it("is reached from the playground, and shows nothing before the profile", () => reading({}, async (page) => {
    await page.go(place.playground);
    await page.press("a[href^='/advice']");
    assert.match(await page.text(), /fourteen questions/);
    await page.look("start, new");
    await page.go(`${place.advice}/models`);
    assert.match(await page.text("[role=alert]"), /after your risk profile[\s\S]*STRATEGY_BEFORE_PROFILE/);
    await page.look("models, too early");
    await page.press("[role=alert] a");
    assert.match(page.page.url(), /questionnaire$/, "the remedy is a link");
  }));

  it("goes from questions to a portfolio without a script", () => reading({ scripts: false }, async (page) => {
    await page.go(`${place.advice}/questionnaire?lang=en`);
    await page.at("#own-amount").fill("200000");
    await page.press("form[method=get] button");
    assert.match(await page.text(), /PHP 40,000\.00 less/, "losses in money, on one’s own amount");
    await answer(page, answers);
    assert.match(await page.text(), /Your class:\s+C4[\s\S]*Why this class[\s\S]*What you can bear[\s\S]*77[\s\S]*The lower of the two gives C4/);
    await page.at("#complaint").fill("I am bolder than that.");
    await page.press("form[action$=complaints] button");
    assert.match(await page.text("[role=status]"), /Recorded/);
    await page.go(`${place.advice}/models`);
    assert.match(await page.text(), /growth · C4/);
    assert.doesNotMatch(await page.text(), /bold/, "nothing above the class is shown");
    await page.go(place.advice);
    await page.press("summary");
    await page.at("#goal-name").fill("A house");
    await page.at("#goal-until").fill(soon);
    await page.at("#goal-target").fill("900000");
    await page.at("#goal-monthly").fill("4000");
    await page.press("form[action$=goals] button");
    goal = new URL(page.page.url()).pathname;
    assert.match(await page.text(), /on track \d+ ± 1 %[\s\S]*the 90 % band held in \d+ of \d+/);
    await page.at("#years").fill("5");
    await page.press("form[method=get] button");
    assert.match(await page.text(), /only tried/);
    await page.go(`http://127.0.0.1:${new URL(place.advice).port}${goal}`);
    await page.at("#proposal-amount").fill("250000");
    await page.press("form[action$=proposals] button");
    proposal = new URL(page.page.url()).pathname;
    const text = await page.text();
    assert.match(text, /Ours[\s\S]*1\/N[\s\S]*60\/40[\s\S]*Money fund[\s\S]*Do nothing/);
    assert.match(text, /each product within the class[\s\S]*What is not done, and why/);
    await page.at("input[name=confirmed]").check();
    await page.press("form[action$=accept] button");
    assert.match(await page.text("[role=alert]"), /Sign a mandate first[\s\S]*MANDATE_MISSING/);
    await page.press("form[action$=mandate] button");
    await page.at("input[name=confirmed]").check();
    await page.press("form[action$=accept] button");
    assert.match(await page.text(), /accepted/);
    await page.press("main a");
    await page.press(".ways a[href$=portfolio]");
    await page.press("form[action$=fills] button");
    assert.match(await page.text(), /Worth\s+PHP 250,000\.00[\s\S]*Lots[\s\S]*1\.50 %, falls in 7 days/);
    await page.press(".ways a[href$=performance]");
    assert.match(await page.text(), /Gain\s+PHP 0\.00[\s\S]*PERFORMANCE_TOO_SHORT/);
  }));

  it("exports one file that verifies without the service, and recomputes it", () => reading({}, async (page) => {
    await page.go(`${place.advice}/documents`);
    const [download] = await Promise.all([page.page.waitForEvent("download"), page.press("a[download]")]);
    const told = execFileSync(binary, ["advise", "replay", await download.path()], { encoding: "utf8" });
    assert.match(told, /equal bit for bit[\s\S]*every hash and link verified/);
    await page.press("form[action$=replay] button");
    assert.match(await page.text("[role=status]"), /equal bit for bit/);
  }));

  it("asks contradictory answers once more, with what was chosen", () => reading({}, async (page) => {
    await page.go(`${place.advice}/questionnaire`);
    await answer(page, { ...answers, drop: 0, worst: 4, aim: 3 });
    const alert = page.at("[role=alert]");
    if (await alert.count() > 0) {
      assert.match(await alert.innerText(), /do not fit together[\s\S]*PROFILE_CONTRADICTORY/);
      assert.ok(await page.at("input[name=answer-worst][value='4']").isChecked());
      await page.look("contradiction");
      await answer(page, answers);
    }
    assert.match(page.page.url(), /profile\?done=yes$/);
  }));

  it("takes no form of another site, and no rubbish", async () => {
    const send = (path, init) => fetch(`${place.advice}${path}`, { method: "POST", redirect: "manual", ...init });
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const own = { ...form, origin: new URL(place.advice).origin };
    for (const [headers, body, status] of [
      [{ ...form, origin: "https://evil.example" }, "text=x", 403],
      [form, "text=x", 403],
      [{ ...own, "content-type": "application/json" }, "{}", 400],
      [own, "text=%FF", 400],
      [own, "text=a&text=b", 400],
    ]) assert.equal((await send("/complaints", { headers, body })).status, status, body);
    for (const path of ["/nothing", "/goals/goal-0", "/goals/goal-0/portfolio", "/proposals/proposal-0", "/goals/%2e%2e/x"]) {
      assert.equal((await fetch(`${place.advice}${path}`)).status, 404, path);
    }
    const bad = await fetch(`http://127.0.0.1:${new URL(place.advice).port}${goal}`, { method: "POST", headers: own, body: "monthly=much&target=1" });
    assert.match(await bad.text(), /AMOUNT/);
  });

  for (const how of ways) {
    it(`axe-core finds nothing, and nothing is cut off: ${how.language}, ${how.theme}, ${how.width ?? 1280} wide`, () => reading(how, async (page) => {
      const origin = new URL(place.advice).origin;
      await page.go(`${place.advice}?lang=${how.language}`);
      for (const path of ["/advice", "/advice/profile", "/advice/questionnaire", "/advice/models", goal, `${goal}?monthly=9000&years=3`,
        `${goal}/portfolio`, `${goal}/performance`, proposal, "/advice/documents"]) {
        await page.go(`${origin}${path}`);
        await page.look(path);
        if (how.language === "zh") {
          const labels = await page.page.evaluate(() => [...document.querySelectorAll("h2, h3, dt, legend, button, label, thead th")]
            .filter((element) => !element.closest("details")).map((element) => element.innerText.trim()));
          assert.deepEqual(labels.filter((text) => /^[A-Z][a-z]+ [a-z]/.test(text)), [], `${path} is in Chinese`);
        }
      }
    }));
  }
});
