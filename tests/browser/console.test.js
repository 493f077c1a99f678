// The operator's console: signing in, a case from payment to ruling, what takes two people, and how every page looks.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { demo } from "./demo.js";
import { Reading, ways } from "./read.js";
import { Visit, browser } from "./visit.js";

const rules = `
rule above_ten_dollars
  when  amount_minor > 1000
  then  review ABOVE_TEN
  say   More than ten dollars
  owner risk desk
  hit   amount_minor = 1001
  miss  amount_minor = 1000
`;
const han = /[\u4e00-\u9fff]/;

describe("the operator's console", () => {
  let chromium, place;
  before(async () => { [chromium, place] = await Promise.all([browser(), demo()]); });
  after(async () => {
    await chromium?.close();
    const { status, said } = await place.end();
    assert.equal(status, 0, said);
    for (const token of Object.values(place.people)) assert.ok(!said.includes(token), "a token was printed");
  });

  async function signIn(reading, person, language = "en") {
    await reading.go(`${place.console}/sign-in?lang=${language}`);
    await reading.at("#token").fill(place.people[person]);
    await reading.press("main button[type=submit]");
  }

  async function signedIn(person, how, use) {
    const reading = await Reading.begin(chromium, how);
    await signIn(reading, person, how.language);
    await use(reading);
    await reading.end();
  }

  async function call(person, path, body) {
    const answer = await fetch(`${place.network}/operator/v1/${path}`, {
      method: body ? "POST" : "GET", body: body && JSON.stringify(body),
      headers: { authorization: `Bearer ${place.people[person]}`, "content-type": "application/json" },
    });
    return answer.json();
  }

  it("opens to a token and to nothing else", async () => {
    const reading = await Reading.begin(chromium);
    await reading.go(`${place.console}/cases`);
    assert.match(reading.page.url(), /sign-in$/);
    await reading.at("#token").fill("a-token-that-nobody-has-been-given");
    await reading.press("main button[type=submit]");
    assert.match(await reading.text("[role=alert]"), /ACCESS_DENIED/);
    await reading.look("a wrong token");
    await signIn(reading, "ana");
    assert.match(await reading.text(".corner"), /Signed in as ana/);
    const cookies = await reading.context.cookies();
    const session = cookies.find(({ name }) => name === "sojourn-console");
    assert.deepEqual([session.httpOnly, session.sameSite, session.path], [true, "Strict", "/console"]);
    assert.ok(!(await reading.page.content()).includes(place.people.ana), "no token on the page");
    await reading.press(".corner button[type=submit]");
    await reading.go(`${place.console}/cases`);
    assert.match(reading.page.url(), /sign-in$/, "signed out");
    await reading.end();
  });

  it("works without a script: a change by two, a case from payment to ruling", async () => {
    const proposed = await call("ana", "risk/changes", { kind: "RULES", text: rules });
    const number = proposed.proposalNumber;
    await signedIn("ana", { scripts: false }, async (reading) => {
      await reading.go(`${place.console}/control`);
      const form = `form[action$="/changes/${number}/confirm"]`;
      await reading.at(`#token-${number}`).fill(place.people.ana);
      await reading.press(`${form} button`);
      assert.match(await reading.text("[role=alert]"), /PROCESS_FAIL|not done/i, "the maker is not the checker");
      await reading.at(`#token-${number}`).fill(place.people.ben);
      await reading.press(`${form} button`);
      assert.match(await reading.text("[role=status]"), /Recorded/);
      assert.match(await reading.text(), /ABOVE_TEN/);
    });
    const visit = await Visit.begin(chromium, place.playground);
    for (const wallet of ["BAYANI", "HANOK"]) {
      await visit.charge(wallet, "BUND-ACQ", "230.00");
      await visit.page.waitForTimeout(500);
      await visit.clear(wallet, "BUND-ACQ");
    }
    await visit.end();
    await signedIn("ana", { scripts: false }, async (reading) => {
      assert.match(await reading.text(), /2 cases are open[\s\S]*BAYANI\/visitor[\s\S]*ABOVE_TEN/);
      await reading.press("tbody th a");
      const text = await reading.text();
      assert.match(text, /More than ten dollars/);
      assert.match(text, /Same merchant: Case \d/);
      assert.match(text, /corridor\s+(PH|KR)-CN/);
      await reading.at("input[value=GENUINE]").check();
      await reading.at("#reason").fill("A regular customer.");
      await reading.press("form[action$=ruling] button");
      assert.match(await reading.text("[role=alert]"), /PROCESS_FAIL/, "nobody rules without a claim");
      await reading.press("form[action$=claim] button");
      assert.match(await reading.text("[role=status]"), /Recorded/);
      await reading.at("input[value=GENUINE]").check();
      await reading.at("#reason").fill("A regular customer.");
      await reading.press("form[action$=ruling] button");
      assert.match(await reading.text(), /ana ruled: Genuine[\s\S]*A regular customer\./);
      await reading.press("details a[href^='/console/payments/']");
      assert.match(await reading.text(), /How it was judged[\s\S]*ABOVE_TEN/);
    });
  });

  it("stops a party, and lifts the stop by two", async () => {
    await signedIn("ben", {}, async (reading) => {
      await reading.go(`${place.console}/control`);
      await reading.at("#stop-subject").fill("TH-JP");
      await reading.at("#stop-reason").fill("a trial");
      await reading.press(".grave");
      assert.match(await reading.text(), /TH-JP/);
      await reading.press("form[action$=resume] button");
      await reading.at("[id^=token-]").last().fill(place.people.ana);
      await reading.press("form:has([id^=token-]) button");
      assert.doesNotMatch(await reading.text(), /TH-JP/);
    });
  });

  it("holds the advice house: approvals, evidence, grades, runs, records and replay", async () => {
    await signedIn("ana", { scripts: false }, async (reading) => {
      await reading.go(`${place.console}/advice`);
      assert.match(await reading.text(), /growth 1 · C4[\s\S]*in use, approved by ana, ben/);
      const model = { id: "growth", version: 2, class: "C4", weights_bp: { WORLD: 5000, GOVT: 5000 } };
      await call("ben", "advice/models", { request_id: "browser-model", model });
      await reading.go(`${place.console}/advice`);
      const form = "form[action$='/models/growth/2/approve']";
      await reading.press(`${form} button`);
      assert.match(await reading.text(), /growth 2 · C4\s+waits for approval, approved by ana/);
      await reading.at(`${form} input[type=password]`).fill(place.people.ben);
      await reading.press(`${form} button`);
      assert.match(await reading.text(), /growth 2 · C4\s+in use, approved by ana, ben/);
      await reading.go(`${place.console}/advice/evidence`);
      assert.match(await reading.text(), /Live record[\s\S]*25,000,000[\s\S]*Back-tests[\s\S]*Sharpe[\s\S]*1\/N benchmark/);
      await reading.go(`${place.console}/advice/products`);
      await reading.at("#grade-product").selectOption("SMALL");
      await reading.at("#grade").selectOption("R5");
      await reading.at("#grade-why").fill("yearly look");
      await reading.press("form[action$=grade] button");
      assert.match(await reading.text(), /SMALL R5 → R5, yearly look/);
      await reading.go(`${place.console}/advice/runs`);
      assert.match(await reading.text(), /dry run[\s\S]*Plans screened/);
      await reading.go(`${place.console}/advice/watch`);
      assert.equal(await reading.text("#exceptions"), "0");
      assert.match(await reading.text(), /Questionnaire 2026-1\s+Answered \d+ times/);
      await reading.go(`${place.console}/advice/records`);
      await reading.at("#subject").fill("BAYANI/saver-2");
      await reading.press("main form button");
      await reading.press("summary:has-text('Proposal')");
      await reading.press("form[action$=replay] button");
      assert.match(await reading.text("#replayed"), /equal bit for bit/);
    });
  });

  for (const how of ways) {
    it(`axe-core finds nothing, and nothing is cut off: ${how.language}, ${how.theme}, ${how.width ?? 1280} wide`, async () => {
      await signedIn("ben", how, async (reading) => {
        const cases = await call("ben", "risk/cases");
        const pages = ["/cases", `/cases/${cases.cases[0].number}`, "/control", "/advice", "/advice/evidence", "/advice/products",
          "/advice/runs", "/advice/watch", "/advice/records?subject=BAYANI/saver-2"];
        for (const page of pages) {
          await reading.go(`${place.console}${page}`);
          await reading.look(page);
          const labels = await reading.page.evaluate(() => [...document.querySelectorAll("h1, h2, h3, dt, legend, button, thead th")]
            .map((element) => element.innerText.trim()).filter((text) => /[A-Za-z]{3}/.test(text)));
          if (how.language === "zh") {
            const english = labels.filter((text) => !/[\u4e00-\u9fff]/.test(text) && /^[A-Z][a-z]+ [a-z]/.test(text));
            assert.deepEqual(english, [], `${page} is in Chinese`);
            assert.match(await reading.text("h1"), han);
          }
        }
        await reading.page.keyboard.press("Tab");
        assert.equal(await reading.page.evaluate(() => document.activeElement.className), "skip", "the keyboard begins at the way to the page");
      });
    });
  }
});
