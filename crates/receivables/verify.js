// Checks a proof of the receivables chain offline, in a browser or elsewhere: `await verify(text, chainId)` tells what
// the proof shows or throws a Flaw. Written from the format alone (README.md beside this file), a third witness beside
// the Rust and the Python one. Asks nobody; uses WebCrypto's Ed25519 where there is one and its own where there is none.

export class Flaw extends Error {}

function need(holds, why) {
  if (!holds) throw new Flaw(why);
}

// Bytes.

const text = new TextEncoder();

const join = (...parts) => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

const less = (a, b) => {
  const at = a.findIndex((byte, place) => byte !== b[place]);
  return at >= 0 && a[at] < b[at];
};

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const big = (bytes) => BigInt(`0x0${hex(bytes)}`);

const bigAt = (bytes, at, length) => big(bytes.subarray(at, at + length));

// SHA-2 (FIPS 180-4), its constants from their definition: fractions of roots of primes.

const primes = [];
for (let n = 2; primes.length < 80; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);

/** The first 64 bits behind the point of the `degree`-th root. */
function fraction(prime, degree) {
  const wanted = BigInt(prime) << BigInt(64 * degree);
  let [low, high] = [0n, 1n << 72n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(degree) <= wanted) low = middle;
    else high = middle;
  }
  return low & 0xffffffffffffffffn;
}

const ROUNDS = primes.map((prime) => fraction(prime, 3));
const START = primes.slice(0, 8).map((prime) => fraction(prime, 2));
const ROUNDS_256 = ROUNDS.slice(0, 64).map((bits) => Number(bits >> 32n) | 0);
const START_256 = START.map((bits) => Number(bits >> 32n) | 0);

function padded(message, block) {
  const size = Math.ceil((message.length + 1 + block / 8) / block) * block;
  const out = new Uint8Array(size);
  out.set(message);
  out[message.length] = 0x80;
  new DataView(out.buffer).setBigUint64(size - 8, BigInt(message.length) * 8n);
  return new DataView(out.buffer);
}

export function sha256(...parts) {
  const data = padded(join(...parts), 64);
  const state = START_256.slice();
  const w = new Int32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let at = 0; at < data.byteLength; at += 64) {
    for (let i = 0; i < 16; i += 1) w[i] = data.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i += 1) {
      const [x, y] = [w[i - 15], w[i - 2]];
      w[i] = w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS_256[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => {
      state[i] = (state[i] + word) | 0;
    });
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => out.setInt32(4 * i, word));
  return new Uint8Array(out.buffer);
}

export function sha512(...parts) {
  const data = padded(join(...parts), 128);
  const state = START.slice();
  const word = (x) => BigInt.asUintN(64, x);
  const turn = (x, n) => word((x >> n) | (x << (64n - n)));
  for (let at = 0; at < data.byteLength; at += 128) {
    const w = Array.from({ length: 16 }, (_, i) => data.getBigUint64(at + 8 * i));
    for (let i = 16; i < 80; i += 1) {
      const [x, y] = [w[i - 15], w[i - 2]];
      const [s, t] = [turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n), turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n)];
      w.push(word(w[i - 16] + s + w[i - 7] + t));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i += 1) {
      const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (word(~e) & g)) + ROUNDS[i] + w[i];
      const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, word(d + one), c, b, a, word(one + two)];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => {
      state[i] = word(state[i] + value);
    });
  }
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((value, i) => out.setBigUint64(8 * i, value));
  return new Uint8Array(out.buffer);
}

// Ed25519 (RFC 8032, section 5.1), points as X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z.

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

function mod(x) {
  const rest = x % P;
  return rest < 0n ? rest + P : rest;
}

function power(base, exponent) {
  let [result, square] = [1n, mod(base)];
  for (let rest = exponent; rest; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

const D = mod(-121665n * power(121666n, P - 2n));

function point(encoded) {
  const number = big(encoded.slice().reverse());
  const [y, odd] = [number & (2n ** 255n - 1n), number >> 255n];
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x - square)) x = mod(x * power(2n, (P - 1n) / 4n));
  if (y >= P || mod(x * x - square) || (x === 0n && odd)) return null;
  if ((x & 1n) !== odd) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

function sum(a, b) {
  const [left, right] = [mod((a[1] - a[0]) * (b[1] - b[0])), mod((a[1] + a[0]) * (b[1] + b[0]))];
  const [c, d] = [mod(2n * a[3] * b[3] * D), mod(2n * a[2] * b[2])];
  const [e, f, g, h] = [right - left, d - c, d + c, right + left];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function twice([x, y, z]) {
  const [a, b, c] = [mod(x * x), mod(y * y), mod(2n * z * z)];
  const [e, g, h] = [(x + y) * (x + y) - a - b, b - a, -a - b].map(mod);
  const f = mod(g - c);
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

const BASE = point(join(new Uint8Array([0x58]), new Uint8Array(31).fill(0x66)));

function encoded(point) {
  const back = power(point[2], P - 2n);
  const [x, y] = [mod(point[0] * back), mod(point[1] * back)];
  const out = new Uint8Array(32);
  let rest = y | ((x & 1n) << 255n);
  for (let at = 0; at < 32; at += 1, rest >>= 8n) out[at] = Number(rest & 255n);
  return out;
}

/** Whether the signature is the key's: s·B − h·A must be R. */
export function signedHere(key, message, signature) {
  const [a, s] = [point(key), big(signature.slice(32).reverse())];
  if (!a || s >= ORDER) return false;
  const h = big(sha512(signature.subarray(0, 32), key, message).reverse()) % ORDER;
  const minus = [mod(-a[0]), a[1], 1n, mod(-a[3])];
  const choices = [null, BASE, minus, sum(BASE, minus)];
  let found = [0n, 1n, 1n, 0n];
  for (let bit = 252n; bit >= 0n; bit -= 1n) {
    found = twice(found);
    const chosen = choices[Number(((s >> bit) & 1n) | (((h >> bit) & 1n) << 1n))];
    if (chosen) found = sum(found, chosen);
  }
  return same(encoded(found), signature.subarray(0, 32));
}

async function signed(key, message, signature) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return signedHere(key, message, signature);
  let imported;
  try {
    imported = await subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch {
    return signedHere(key, message, signature);
  }
  return subtle.verify("Ed25519", imported, signature, message);
}

// The file: JSON without blanks, fields in this order, base64 with padding.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function base64(bytes) {
  let out = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const bits = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let place = 0; place < 4; place += 1) {
      out += at + place <= bytes.length ? LETTERS[(bits >> (18 - 6 * place)) & 63] : "=";
    }
  }
  return out;
}

function bytesOf(value) {
  need(typeof value === "string" && value.length % 4 === 0, "malformed: not base64");
  const letters = value.replace(/={1,2}$/, "");
  const out = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let [bits, count, at] = [0, 0, 0];
  for (const letter of letters) {
    const six = LETTERS.indexOf(letter);
    need(six >= 0, "malformed: not base64");
    bits = ((bits << 6) | six) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out[at] = (bits >> count) & 255;
      at += 1;
    }
  }
  need(base64(out) === value, "malformed: not the one base64 of its bytes");
  return out;
}

function hashOf(value) {
  const bytes = bytesOf(value);
  need(bytes.length === 32, "malformed: not 32 bytes");
  return bytes;
}

function fields(value, names) {
  const named = value !== null && typeof value === "object" && !Array.isArray(value);
  need(named && Object.keys(value).join() === names, `malformed: other fields than ${names}`);
  return Object.values(value);
}

function listed(value) {
  need(Array.isArray(value), "malformed: not a list");
  return value;
}

function number(value) {
  need(Number.isSafeInteger(value) && value >= 0, "malformed: not a number");
  return value;
}

const HEADER = [
  ["version", 1], ["chain", 32], ["height", 8], ["epoch", 8], ["time_ms", 8], ["parent", 32], ["body", 32],
  ["executed_height", 8], ["events", 4], ["events_root", 32], ["log_size", 8], ["log_root", 32],
  ["state_scheme", 1], ["state_height", 8], ["state_root", 32],
];
const HEADER_BYTES = HEADER.reduce((total, [, length]) => total + length, 0);

function headerOf(data) {
  need(data.length === HEADER_BYTES + 1 || data.length === HEADER_BYTES + 33, "malformed: header");
  need(data[HEADER_BYTES] === (data.length === HEADER_BYTES + 33 ? 1 : 0), "malformed: header");
  const header = { digest: sha256(data), next_validators: data.subarray(HEADER_BYTES + 1) };
  let at = 0;
  for (const [name, length] of HEADER) {
    header[name] = length === 32 ? data.subarray(at, at + 32) : Number(bigAt(data, at, length));
    at += length;
  }
  return header;
}

function leb128(value) {
  const out = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80);
  return new Uint8Array([...out, Number(rest)]);
}

/** The certificate makes the header final: all its signatures good, enough of them, each once. */
async function finalizes(data, header, chain, keys, flaw) {
  need(data.length >= 28, flaw);
  const [epoch, view, parent, count] = [[0, 8], [8, 8], [16, 8], [24, 4]].map(([at, length]) => bigAt(data, at, length));
  need(BigInt(data.length) === 28n + 68n * count, flaw);
  need(same(header.chain, chain) && BigInt(header.epoch) === epoch, flaw);
  const votes = Array.from({ length: Number(count) }, (_, place) => data.subarray(28 + 68 * place, 96 + 68 * place));
  need(keys.length && votes.length >= keys.length - Math.floor((keys.length - 1) / 3), `${flaw}: too few signatures`);
  const namespace = join(text.encode("vote"), chain, text.encode("_FINALIZE"));
  const numbers = [epoch, view, parent].map(leb128);
  const message = join(leb128(BigInt(namespace.length)), namespace, ...numbers, header.digest);
  let before = -1;
  for (const vote of votes) {
    const index = Number(bigAt(vote, 0, 4));
    need(index > before && index < keys.length, flaw);
    before = index;
    need(await signed(keys[index], message, vote.slice(4)), `${flaw}: signature ${index} is not good`);
  }
}

function validatorsHash(keys) {
  need(keys.every((key, at) => at === 0 || less(keys[at - 1], key)), "validators are not in order");
  return sha256(text.encode("sojourn validators"), ...keys);
}

/** RFC 9162, section 2.1.3.2. */
function rootFromPath(leaf, index, size, path) {
  need(index < size, "event: index");
  let [place, last, root] = [BigInt(index), BigInt(size) - 1n, leaf];
  for (const sibling of path) {
    need(last > 0n, "event: path too long");
    if (place & 1n || place === last) {
      root = sha256(new Uint8Array([1]), sibling, root);
      for (; place && !(place & 1n); place >>= 1n) last >>= 1n;
    } else {
      root = sha256(new Uint8Array([1]), root, sibling);
    }
    [place, last] = [place >> 1n, last >> 1n];
  }
  need(last === 0n, "event: path too short");
  return root;
}

function checkEvent(event, header) {
  const [entry, tree, index, size, path] = fields(event, "entry,tree,index,size,path");
  need(tree === "block" || tree === "log", "malformed: tree");
  const [root, leaves] = tree === "block" ? [header.events_root, header.events] : [header.log_root, header.log_size];
  need(number(size) === leaves, "event: size");
  const data = bytesOf(entry);
  need(data.length > 48, "malformed: event");
  const found = rootFromPath(sha256(new Uint8Array([0]), data), number(index), size, listed(path).map(hashOf));
  need(same(found, root), "event: not under the header's root");
  const [height, timeMs] = [Number(bigAt(data, 0, 8)), Number(bigAt(data, 8, 8))];
  return { type: data[48], height, timeMs, transaction: hex(data.subarray(16, 48)), bytes: hex(data) };
}

function checkState(state, header) {
  const [keyText, valueText, leafText, path] = fields(state, "key,value,leaf,path");
  need(header.state_scheme === 1, "state: unknown scheme");
  const key = bytesOf(keyText);
  const place = sha256(key);
  const siblings = listed(path).map(hashOf);
  need(siblings.length <= 256, "state: path too long");
  const leaf = leafText === null ? null : bytesOf(leafText);
  need(leaf === null || leaf.length === 64, "malformed: leaf");
  const value = valueText === null ? null : bytesOf(valueText);
  const bit = (bytes, depth) => (bytes[depth >> 3] >> (7 - (depth & 7))) & 1;
  if (value !== null) {
    need(leaf !== null && same(leaf, join(place, sha256(value))), "state: another record");
  } else if (leaf !== null) {
    const shares = siblings.every((_, depth) => bit(leaf, depth) === bit(place, depth));
    need(shares && !same(leaf.subarray(0, 32), place), "state: the record is there, or this is not its place");
  }
  let node = leaf === null ? new Uint8Array(32) : sha256(new Uint8Array([0]), leaf);
  siblings.forEach((sibling, above) => {
    const right = bit(place, siblings.length - 1 - above);
    node = right ? sha256(new Uint8Array([1]), sibling, node) : sha256(new Uint8Array([1]), node, sibling);
  });
  need(same(node, header.state_root), "state: not under the state root");
  return { key: hex(key), value: value && hex(value), height: header.state_height };
}

/** What the proof shows under the chain with this id (64 hexadecimal digits); throws a Flaw if it shows nothing. */
export async function verify(file, chainId) {
  need(/^[0-9a-f]{64}$/.test(chainId), "a chain's id has 64 digits, 0 to 9 and a to f");
  const chain = Uint8Array.from(chainId.match(/../g), (pair) => Number.parseInt(pair, 16));
  let proof;
  try {
    proof = JSON.parse(file);
  } catch {
    throw new Flaw("malformed: not JSON");
  }
  need(JSON.stringify(proof) === file, "malformed: not the one written form");
  const [form, chainText, genesis, first, epochs, headerText, certificate, event, state, check] = fields(
    proof, "format,chain,genesis,validators,epochs,header,certificate,event,state,check");
  const body = file.slice(0, file.lastIndexOf(',"check":'));
  need(same(hashOf(check), sha256(text.encode(body))), "malformed: checksum");
  need(form === "sojourn-proof-1", "malformed: format");
  need(event !== null || state !== null, "shows neither an event nor a record");
  let keys = listed(first).map(hashOf);
  const expected = sha256(text.encode("sojourn chain"), hashOf(genesis), validatorsHash(keys));
  need(same(hashOf(chainText), chain) && same(expected, chain), "of another chain");
  for (const [epoch, step] of listed(epochs).entries()) {
    const [stepHeader, stepCertificate, validators] = fields(step, "header,certificate,validators");
    const [last, following] = [headerOf(bytesOf(stepHeader)), listed(validators).map(hashOf)];
    need(last.epoch === epoch && same(last.next_validators, validatorsHash(following)), "epoch does not follow");
    await finalizes(bytesOf(stepCertificate), last, chain, keys, "epoch's certificate");
    keys = following;
  }
  const header = headerOf(bytesOf(headerText));
  need(header.epoch === epochs.length, "epoch does not follow");
  await finalizes(bytesOf(certificate), header, chain, keys, "certificate");
  return {
    height: header.height,
    epoch: header.epoch,
    timeMs: header.time_ms,
    event: event && checkEvent(event, header),
    state: state && checkState(state, header),
  };
}
