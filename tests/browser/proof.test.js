// The verifier of proofs in JavaScript, over the vectors that the Rust and the Python one are tested with.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { base64, Flaw, hex, sha256, sha512, signedHere, verify } from "../../crates/receivables/verify.js";

const vectors = new URL("../../crates/receivables/vectors/", import.meta.url);
const read = (name) => readFileSync(new URL(name, vectors), "utf8");
const chain = read("proof-chain.txt").trim();
const names = ["proof-event.json", "proof-log.json", "proof-absence.json"];
const bytes = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** The file with the right checksum over all that is before it. */
function sealed(file) {
  const body = file.slice(0, file.lastIndexOf(',"check":'));
  return `${body},"check":"${base64(sha256(new TextEncoder().encode(body)))}"}`;
}

const shown = async (file, id = chain) => {
  try {
    return await verify(file, id);
  } catch (error) {
    assert.ok(error instanceof Flaw, `${error.stack}`);
    return null;
  }
};

/** As in a browser that has no Ed25519, or on a page that was not fetched safely. */
async function without(what, run) {
  const before = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  Object.defineProperty(globalThis, "crypto", { configurable: true, value: what });
  try {
    return await run();
  } finally {
    Object.defineProperty(globalThis, "crypto", before);
  }
}

test("hashes are those of FIPS 180-4, signatures those of RFC 8032", () => {
  const abc = new TextEncoder().encode("abc");
  assert.equal(hex(sha256(abc)), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.match(hex(sha512(abc)), /^ddaf35a193617abacc417349ae204131.*2a9ac94fa54ca49f$/);
  const long = new Uint8Array(1_000).fill(97);
  assert.equal(hex(sha256(long)), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
  // RFC 8032, section 7.1, tests 1 to 3.
  for (const [key, message, signature] of [
    ["d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"],
    ["3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"],
    ["fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"],
  ]) {
    assert.ok(signedHere(bytes(key), bytes(message), bytes(signature)));
    for (const at of [0, 31, 32, 63]) {
      const changed = bytes(signature);
      changed[at] ^= 1;
      assert.ok(!signedHere(bytes(key), bytes(message), changed));
    }
  }
});

test("good proofs show what they say, with and without the browser's cryptography", async () => {
  const broken = { subtle: { importKey: () => Promise.reject(new Error("unknown algorithm")) } };
  for (const name of names) {
    const file = read(name);
    const with_it = await verify(file, chain);
    assert.equal(with_it.height, 1_200);
    assert.deepEqual(await without(undefined, () => verify(file, chain)), with_it);
    assert.deepEqual(await without(broken, () => verify(file, chain)), with_it);
    assert.equal(await shown(file, "0".repeat(64)), null, "another chain");
    assert.equal(await shown(file, "nonsense"), null);
  }
  assert.match((await verify(read(names[0]), chain)).event.transaction, /^[0-9a-f]{64}$/);
  assert.equal((await verify(read(names[2]), chain)).state.value, null);
  assert.notEqual((await verify(read(names[1]), chain)).state.value, null);
});

test("every change of one byte is refused", async () => {
  for (const name of names) {
    const file = read(name);
    for (let place = 0; place < file.length; place += 1) {
      for (const mask of [1, 4, 32]) {
        const letter = String.fromCharCode(file.charCodeAt(place) ^ mask);
        const changed = file.slice(0, place) + letter + file.slice(place + 1);
        assert.equal(await shown(changed), null, `${name}, byte ${place}, mask ${mask}`);
      }
      assert.equal(await shown(file.slice(0, place) + file.slice(place + 1)), null, `${name} without ${place}`);
    }
  }
});

test("a change with a new checksum shows nothing that is not so", async () => {
  const flaws = new Map();
  for (const name of names) {
    const file = read(name);
    for (let place = 0; place < file.length - 58; place += 7) {
      const letter = String.fromCharCode(file.charCodeAt(place) ^ (place % 2 ? 4 : 1));
      const changed = sealed(file.slice(0, place) + letter + file.slice(place + 1));
      try {
        const said = await verify(changed, chain);
        // The one thing that can still be shown is another absence, which is as true.
        assert.ok(said.state && said.state.value === null, `${name}, byte ${place}`);
      } catch (error) {
        assert.ok(error instanceof Flaw, `${name}, byte ${place}: ${error.stack}`);
        const kind = error.message.split(":")[0];
        flaws.set(kind, (flaws.get(kind) ?? 0) + 1);
      }
    }
  }
  assert.ok(flaws.size >= 6, `${[...flaws]}`);
});

test("one proof costs at most 20 ms", async (t) => {
  for (const [what, crypto] of [["WebCrypto", globalThis.crypto], ["its own Ed25519", undefined]]) {
    const costs = await without(crypto, async () => {
      const spent = [];
      for (let turn = 0; turn < 40; turn += 1) {
        const begun = process.cpuUsage();
        await verify(read(names[1]), chain);
        const { user, system } = process.cpuUsage(begun);
        spent.push((user + system) / 1_000);
      }
      return spent.sort((a, b) => a - b);
    });
    t.diagnostic(`${what}: ${costs[0].toFixed(2)} ms of the processor at best, median ${costs[20].toFixed(2)}`);
    // The best of forty, in time of the processor: the machine may be busy.
    assert.ok(costs[0] <= 20, `${what}: ${costs[0]} ms`);
  }
});
