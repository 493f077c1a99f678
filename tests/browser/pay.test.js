// Paying from every wallet at every till, both ways; receipts on both sides, the books, refunds, history.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { demo } from "./demo.js";
import { Visit, browser, currencyOf, tills, wallets } from "./visit.js";

const decimals = { CNY: "\\.\\d{2}", PHP: "\\.\\d{2}", THB: "\\.\\d{2}", KRW: "", JPY: "" };
const money = (currency) => new RegExp(`${currency} [\\d,]+${decimals[currency]}(?![.\\d])`);
const bill = { "BUND-ACQ": "58.00", "SUMIDA-ACQ": "1280" };
const shownBill = { "BUND-ACQ": "CNY 58.00", "SUMIDA-ACQ": "JPY 1,280" };

describe("paying", () => {
  let chromium, place, visit;
  const late = [];
  before(async () => { [chromium, place] = await Promise.all([browser(), demo()]); });
  after(async () => {
    await chromium?.close();
    const { status, said } = await place.end();
    assert.equal(status, 0, said);
    assert.match(said, /replayed the journal/);
    late.sort((one, other) => one - other);
    const at = (share) => late[Math.min(late.length - 1, Math.floor(late.length * share))];
    console.log(`# from fact to page: ${late.length} steps, median ${at(0.5)} ms, 99 % within ${at(0.99)} ms`);
    assert.ok(at(0.5) < 500, "steps appear at once, even on a busy machine");
  });
  beforeEach(async () => { visit = await Visit.begin(chromium, place.playground); });
  afterEach(async () => { late.push(...(await visit.end()).late); });

  // What both sides, the ladder and the books say of a payment that was paid.
  async function paid(wallet, till) {
    await visit.done(wallet, till);
    const [payer, payee] = [currencyOf[wallet], currencyOf[till]];
    const [phone, register] = [await visit.text(`#phone-${wallet}`), await visit.text(`#till-${till}`)];
    for (const side of [phone, register]) {
      assert.match(side, /Paid/);
      assert.match(side, money(payer));
      assert.ok(side.includes(shownBill[till]), side);
      assert.match(side, new RegExp(`1 ${payee} = [\\d.]+ ${payer}`));
      assert.match(side, /(Harbour|Meridian) FX/);
      assert.match(side, /SUCCESS/);
    }
    const number = await visit.shown();
    assert.match(number, /^P\d{18}$/);
    assert.ok(phone.includes(number) && register.includes(number), "one number everywhere");
    await visit.agreed();
    assert.match(await visit.text("#life"), /Succeeded/);
    assert.equal(await visit.at(".lifecycle .here.good").count(), 1, "the way taken ends well");
    await books();
    return number;
  }

  // Every fact that moved money sums to zero, and balances follow from one another.
  async function books() {
    const facts = await visit.at(".fact:has(.book)").all();
    assert.ok(facts.length >= 2, "reserved and posted");
    for (const fact of facts) {
      const sums = await fact.locator("tfoot td").allInnerTexts();
      assert.ok(sums.length > 0);
      for (const sum of sums) assert.match(sum.replaceAll("\u00a0", " "), /^[A-Z]{3} 0(\.0+)?$/);
    }
    const checks = await visit.at("#steps .message").count();
    const good = await visit.at("#steps .message .seal.good").count();
    assert.ok(checks >= 4, "requests and answers of both hops");
    assert.equal(good, checks, "every message is signed well");
  }

  for (const wallet of wallets) {
    for (const till of tills) {
      it(`${wallet} at ${till}: the phone shows a code`, async () => {
        await visit.clear(wallet, till);
        await visit.charge(wallet, till, bill[till]);
        await visit.agree(wallet);
        await paid(wallet, till);
        await visit.clear(wallet, till);
      });
      it(`${wallet} at ${till}: the till shows a code`, async () => {
        await visit.clear(wallet, till);
        await visit.order(wallet, till, bill[till]);
        await visit.screen(`phone-${wallet}`, "review");
        const review = await visit.text(`#phone-${wallet}`);
        assert.match(review, money(currencyOf[wallet]));
        assert.ok(review.includes(shownBill[till]), "both currencies");
        assert.match(review, /by (Harbour|Meridian) FX/, "whose rate it is");
        assert.match(review, /Interchange[\s\S]+Acquirer’s network fee[\s\S]+Wallet’s network fee/, "every fee");
        assert.match(review, /pays (Sojourn|Network)/, "who bears it");
        assert.match(review, /holds for \d+:\d\d/, "until when");
        await visit.agree(wallet);
        await paid(wallet, till);
        await visit.clear(wallet, till);
      });
    }
  }

  it("refunds a part, and then the rest", async () => {
    await visit.clear("BAYANI", "BUND-ACQ");
    await visit.order("BAYANI", "BUND-ACQ", "100.00");
    await visit.agree("BAYANI");
    await visit.done("BAYANI", "BUND-ACQ");
    const payment = await visit.shown();
    await visit.clear("BAYANI", "BUND-ACQ");
    const sale = `#till-BUND-ACQ-sale-${payment}`;
    await visit.press(`${sale}-more > summary`);
    await visit.at(`#till-BUND-ACQ-refund-${payment}`).fill("40");
    await visit.press(`#till-BUND-ACQ-give-back-${payment}`);
    await visit.at(sale).getByText("Given back CNY 40.00").waitFor();
    assert.match(await visit.at(`#till-BUND-ACQ-refund-${payment}`).getAttribute("placeholder"), /60\.00/);
    await visit.at(`#till-BUND-ACQ-refund-${payment}`).fill("");
    await visit.press(`#till-BUND-ACQ-give-back-${payment}`);
    await visit.at(sale).getByText("Given back CNY 100.00").waitFor();
    assert.equal(await visit.at(`#till-BUND-ACQ-refund-${payment}`).count(), 0, "nothing is left to give back");
    const facts = await visit.text("#steps");
    assert.equal(facts.match(/Refund succeeded/g)?.length, 2);
    await books();
    // The payer has it all back, to the last centavo.
    const entry = await visit.text(`#phone-BAYANI-past-${payment}`);
    const [given, back] = [entry.match(/PHP [\d,.]+/g)[0], entry.match(/Given back (PHP [\d,.]+)/)[1]];
    assert.equal(back, given);
  });

  it("says no to a refund of more than there is", async () => {
    await visit.order("HANOK", "BUND-ACQ", "20");
    await visit.agree("HANOK");
    await visit.done("HANOK", "BUND-ACQ");
    const payment = await visit.shown();
    await visit.clear("HANOK", "BUND-ACQ");
    await visit.press(`#till-BUND-ACQ-sale-${payment}-more > summary`);
    await visit.at(`#till-BUND-ACQ-refund-${payment}`).fill("20.01");
    await visit.press(`#till-BUND-ACQ-give-back-${payment}`);
    await visit.at("#till-BUND-ACQ .trouble").getByText("no amount that can be paid").waitFor();
  });

  it("keeps a history on the phone", async () => {
    const entries = visit.at("#phone-BAYANI .entries > li");
    assert.ok(await entries.count() >= 3);
    await entries.first().locator("summary").click();
    assert.match((await entries.first().innerText()).replaceAll("\u00a0", " "), /SUCCESS/);
  });

  it("reads a code from text, a till's digits, and a picture", async () => {
    await visit.clear("CHAOPHRAYA", "SUMIDA-ACQ");
    await visit.at("#till-SUMIDA-ACQ-amount").fill("700");
    await visit.press("#till-SUMIDA-ACQ-show");
    await visit.screen("till-SUMIDA-ACQ", "code");
    await visit.press("#till-SUMIDA-ACQ-says > summary");
    await visit.press("#till-SUMIDA-ACQ-copy");
    const text = await visit.page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^0002/, "an EMVCo code");
    const picture = await visit.at("#till-SUMIDA-ACQ .symbol").screenshot();
    await visit.press("#phone-CHAOPHRAYA-read");
    await visit.at("#phone-CHAOPHRAYA-text").fill("no code at all");
    await visit.press("#phone-CHAOPHRAYA-read-text");
    await visit.at("#phone-CHAOPHRAYA .trouble").waitFor();
    await visit.at("#phone-CHAOPHRAYA-text").fill(text);
    await visit.press("#phone-CHAOPHRAYA-read-text");
    await visit.screen("phone-CHAOPHRAYA", "review");
    await visit.press("#phone-CHAOPHRAYA-refuse");
    await visit.screen("phone-CHAOPHRAYA", "home");
    await visit.press("#phone-CHAOPHRAYA-read");
    await visit.at("#phone-CHAOPHRAYA-picture").setInputFiles({ name: "code.png", mimeType: "image/png", buffer: picture });
    await visit.screen("phone-CHAOPHRAYA", "review");
    await visit.agree("CHAOPHRAYA");
    await visit.done("CHAOPHRAYA", "SUMIDA-ACQ");
    await visit.clear("CHAOPHRAYA", "SUMIDA-ACQ");
    await visit.press("#phone-CHAOPHRAYA-show");
    const digits = await visit.at("#phone-CHAOPHRAYA-digits").getAttribute("data-digits");
    assert.match(digits, /^\d{24}$/);
    await visit.at("#till-SUMIDA-ACQ-digits").fill(digits);
    await visit.at("#till-SUMIDA-ACQ-digits").press("Enter");
    await visit.agree("CHAOPHRAYA");
    await visit.done("CHAOPHRAYA", "SUMIDA-ACQ");
    await visit.clear("CHAOPHRAYA", "SUMIDA-ACQ");
  });

  it("opens every message to its bytes, headers and signature check", async () => {
    const messages = visit.at("#steps .message");
    const count = await messages.count();
    assert.ok(count >= 4);
    for (let number = 0; number < count; number += 1) {
      await messages.nth(number).click();
      const dialog = visit.at("#opened[open]");
      await dialog.waitFor();
      const text = await dialog.innerText();
      assert.match(text, /Good: (RSA-SHA256|Ed25519).*, signed by \S+ with key version 1/, text);
      assert.match(text, /POST http|200/);
      assert.match(text, /signature/i);
      await dialog.locator("summary").click();
      assert.match(await dialog.locator("details pre").innerText(), /^0000 {2}7b/);
      await visit.page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
    }
  });

  it("shows a payment that was chosen, and goes back to the newest", async () => {
    const newest = await visit.shown();
    const rows = visit.at("#payments li a");
    const other = await rows.nth(2).getAttribute("data-show");
    await rows.nth(2).click();
    await visit.at(`#steps[data-payment="${other}"]`).waitFor();
    assert.match(visit.page.url(), new RegExp(`payment=${other}`));
    await visit.page.reload();
    await visit.at(`#steps[data-payment="${other}"]`).waitFor();
    await visit.press("#follow-newest");
    await visit.at(`#steps[data-payment="${newest}"]`).waitFor();
    await visit.page.goBack();
    await visit.at(`#steps[data-payment="${other}"]`).waitFor();
  });
});
