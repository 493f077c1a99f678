// What is broken on purpose: how the payment ends, who was told what, and that no money is out of place.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { demo } from "./demo.js";
import { Visit, browser, lateMs } from "./visit.js";

describe("breaking it", () => {
  let chromium, place, visit;
  before(async () => { [chromium, place] = await Promise.all([browser(), demo()]); });
  after(async () => {
    await chromium?.close();
    const { status, said } = await place.end();
    assert.equal(status, 0, said);
  });
  beforeEach(async () => { visit = await Visit.begin(chromium, place.playground); });
  afterEach(async () => { await visit.end(); });

  async function zero() {
    for (const sum of await visit.at("#network .sums li").allInnerTexts()) assert.match(sum, /[A-Z]{3}\s0(\.0+)?$/);
  }

  it("a wallet declines", async () => {
    await visit.mood("BAYANI", "declines");
    await visit.charge("BAYANI", "BUND-ACQ", "30");
    await visit.screen("till-BUND-ACQ", "done");
    assert.match(await visit.text("#till-BUND-ACQ"), /Declined[\s\S]+USER_BALANCE_NOT_ENOUGH/);
    await visit.agreed();
    assert.match(await visit.text("#steps"), /Declined by the wallet[\s\S]*release/);
    assert.equal(await visit.at(".lifecycle .here.bad").count(), 1);
    await visit.mood("BAYANI", "sound");
    await visit.clear("BAYANI", "BUND-ACQ");
    await zero();
  });

  it("a payer refuses", async () => {
    await visit.charge("HANOK", "SUMIDA-ACQ", "900");
    await visit.press("#phone-HANOK-refuse");
    await visit.screen("till-SUMIDA-ACQ", "done");
    assert.match(await visit.text("#till-SUMIDA-ACQ"), /Declined/);
    await visit.agreed();
    await visit.clear("HANOK", "SUMIDA-ACQ");
    await zero();
  });

  it("a wallet is silent: in doubt, and the till takes it back", async () => {
    await visit.mood("CHAOPHRAYA", "silent");
    await visit.charge("CHAOPHRAYA", "BUND-ACQ", "44");
    await visit.screen("till-BUND-ACQ", "waiting");
    await visit.at(".lifecycle .here.open").waitFor();
    assert.match(await visit.text("#life"), /In doubt/);
    await visit.press("#till-BUND-ACQ-cancel");
    await visit.screen("till-BUND-ACQ", "done");
    assert.match(await visit.text("#till-BUND-ACQ"), /Cancelled/);
    const facts = visit.at("#steps .fact").filter({ hasText: "Cancelled" });
    await facts.first().waitFor();
    assert.match(await visit.text("#steps"), /no answer/);
    await visit.mood("CHAOPHRAYA", "sound");
    await visit.at("#steps .fact").filter({ hasText: "Wallet confirmed the cancel" }).waitFor({ timeout: lateMs });
    await visit.agreed(lateMs);
    await visit.clear("CHAOPHRAYA", "BUND-ACQ");
    await zero();
  });

  it("a wallet answers late: in doubt, and an inquiry settles it", async () => {
    await visit.mood("HANOK", "late");
    await visit.charge("HANOK", "BUND-ACQ", "51");
    await visit.done("HANOK", "BUND-ACQ", lateMs);
    assert.match(await visit.text("#till-BUND-ACQ"), /Paid/);
    assert.match(await visit.text("#steps"), /In doubt[\s\S]*Succeeded/);
    await visit.agreed();
    await visit.mood("HANOK", "sound");
    await visit.clear("HANOK", "BUND-ACQ");
    await zero();
  });

  it("a wallet tells twice: it counts once", async () => {
    await visit.mood("BAYANI", "twice");
    await visit.charge("BAYANI", "SUMIDA-ACQ", "2500");
    await visit.done("BAYANI", "SUMIDA-ACQ", lateMs);
    await visit.agreed();
    assert.equal(await visit.at("#steps .fact").filter({ hasText: "post" }).filter({ hasText: "P1" }).count(), 1);
    await visit.mood("BAYANI", "sound");
    await visit.clear("BAYANI", "SUMIDA-ACQ");
    await zero();
  });

  it("a rate provider vanishes: the other's rate is used; with none left nobody pays", async () => {
    await visit.press("#provider-HARBOUR-FX");
    await visit.at("#network .provider").filter({ hasText: "Harbour FX gone" }).waitFor();
    await visit.order("BAYANI", "BUND-ACQ", "10");
    await visit.screen("phone-BAYANI", "review");
    assert.match(await visit.text("#phone-BAYANI"), /Meridian FX/);
    await visit.agree("BAYANI");
    await visit.done("BAYANI", "BUND-ACQ");
    await visit.clear("BAYANI", "BUND-ACQ");
    await visit.press("#provider-MERIDIAN-FX");
    await visit.at("#network .provider").filter({ hasText: "Meridian FX gone" }).waitFor();
    await visit.order("BAYANI", "BUND-ACQ", "10");
    await visit.at("#phone-BAYANI .trouble").waitFor();
    await visit.press("#provider-HARBOUR-FX");
    await visit.press("#provider-MERIDIAN-FX");
    await visit.at("#network .provider").filter({ hasText: "Meridian FX quotes" }).waitFor();
    await visit.press("#phone-BAYANI-leave");
    await visit.press("#till-BUND-ACQ-cancel");
    await visit.screen("till-BUND-ACQ", "done");
    await visit.clear("BAYANI", "BUND-ACQ");
    await zero();
  });

  it("the network is killed in the middle of a payment, recovers, and the payment ends once", async () => {
    await visit.press("#crash-next");
    await visit.at("#crash-next[aria-pressed=true]").waitFor();
    await visit.charge("CHAOPHRAYA", "SUMIDA-ACQ", "3300");
    await visit.at("#steps .band.bad").waitFor({ timeout: lateMs });
    // The wallet asks its user before the network is gone, or when it has come back and asks again.
    await visit.at("#phone-CHAOPHRAYA-agree").click({ timeout: lateMs });
    await visit.at("#network[data-up=true]").waitFor({ timeout: lateMs });
    await visit.screen("till-SUMIDA-ACQ", "done", lateMs);
    await visit.at("#network .lines").filter({ hasText: /Crashes survived\s*1/ }).waitFor({ timeout: lateMs });
    await visit.agreed(lateMs);
    await visit.at("#steps .band.good").waitFor({ timeout: lateMs });
    assert.match(await visit.text("#steps"), /facts replayed from the journal/);
    await visit.clear("CHAOPHRAYA", "SUMIDA-ACQ");
    await zero();
  });

  it("the network is killed while nothing happens, and is used again", async () => {
    await visit.press("#crash-now");
    await visit.at("#network .lines").filter({ hasText: /Crashes survived\s*2/ }).waitFor({ timeout: lateMs });
    await visit.at("#network[data-up=true]").waitFor({ timeout: lateMs });
    await visit.order("HANOK", "BUND-ACQ", "12.34");
    await visit.agree("HANOK");
    await visit.done("HANOK", "BUND-ACQ", lateMs);
    await visit.agreed();
    await zero();
  });
});
