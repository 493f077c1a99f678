// Measures decoding and encoding with libraries from npm, for compare.sh. Knows nothing of ours.
//
// node libraries.mjs time FILE                              nanoseconds, one line a library, operation and payload
// node libraries.mjs count LIBRARY OPERATION LINE ROUNDS FILE   only does the work, so that instructions can be counted

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const promptparse = require("promptparse");
let sink;

// Tags of promptparse with their sub-tags; the checksum is added when encoding.
function prepareTags(payload) {
  return promptparse.parse(payload).getTags().filter((tag) => tag.id !== "63");
}

// What the setters of emv-qrcps and its fork are given, cut once before measuring.
function prepareFields(payload) {
  const cut = (text) => {
    const objects = [];
    for (let at = 0; at < text.length; ) {
      const length = Number(text.slice(at + 2, at + 4));
      objects.push([text.slice(at, at + 2), text.slice(at + 4, at + 4 + length)]);
      at += 4 + length;
    }
    return objects;
  };
  return cut(payload).map(([id, value]) => {
    const number = Number(id);
    const nested = (number >= 26 && number <= 51) || number === 62 || number === 64 || number >= 80;
    return [id, nested ? cut(value) : value];
  });
}

const rootSetters = {
  "00": "setPayloadFormatIndicator", "01": "setPointOfInitiationMethod", 52: "setMerchantCategoryCode",
  53: "setTransactionCurrency", 54: "setTransactionAmount", 55: "setTipOrConvenienceIndicator", 58: "setCountryCode",
  59: "setMerchantName", 60: "setMerchantCity", 61: "setPostalCode",
};
const additionalSetters = {
  "01": "setBillNumber", "02": "setMobileNumber", "03": "setStoreLabel", "04": "setLoyaltyNumber",
  "05": "setReferenceLabel", "06": "setCustomerLabel", "07": "setTerminalLabel", "08": "setPurposeTransaction",
  "09": "setAdditionalConsumerDataRequest",
};
const languageSetters = { "00": "setLanguagePreference", "01": "setMerchantName", "02": "setMerchantCity" };

function encodeFields(merchant, fields) {
  const code = merchant.buildEMVQR();
  for (const [id, value] of fields) {
    if (rootSetters[id]) {
      code[rootSetters[id]](value);
    } else if (id === "62") {
      const template = merchant.buildAdditionalDataFieldTemplate();
      for (const [inner, text] of value) template[additionalSetters[inner]](text);
      code.setAdditionalDataFieldTemplate(template);
    } else if (id === "64") {
      const template = merchant.buildMerchantInformationLanguageTemplate();
      for (const [inner, text] of value) template[languageSetters[inner]](text);
      code.setMerchantInformationLanguageTemplate(template);
    } else if (Number(id) >= 80) {
      const template = merchant.buildUnreservedTemplate();
      for (const [inner, text] of value) {
        if (inner === "00") template.setGloballyUniqueIdentifier(text);
        else template.addContextSpecificData(inner, text);
      }
      code.addUnreservedTemplates(id, template);
    } else if (id !== "63") {
      const template = merchant.buildMerchantAccountInformation();
      for (const [inner, text] of value) {
        if (inner === "00") template.setGloballyUniqueIdentifier(text);
        else template.addPaymentNetworkSpecific(inner, text);
      }
      code.addMerchantAccountInformation(id, template);
    }
  }
  sink = code.generatePayload();
}

const qrcps = (name) => {
  const { Merchant } = require(name);
  return {
    prepare: prepareFields,
    decode: (payload) => { sink = Merchant.Parser.toEMVQR(payload); },
    encode: (fields) => encodeFields(Merchant, fields),
  };
};

const libraries = {
  promptparse: {
    prepare: prepareTags,
    decode: (payload) => {
      // It computes the checksum of a text outside ASCII wrongly and answers null; then it does the rest without.
      sink = promptparse.parse(payload, true) ?? promptparse.parse(payload);
    },
    encode: (tags) => { sink = promptparse.withCrcTag(promptparse.encode(tags), "63"); },
  },
  "emv-qrcps": qrcps("emv-qrcps"),
  "steplix-emv-qrcps": qrcps("steplix-emv-qrcps"),
};

// The best of many short runs: what others do on the machine only ever adds. The first ones warm up the compiler.
function nanoseconds(work) {
  const rounds = 500;
  let best = Infinity;
  for (let run = 0; run < 400; run++) {
    const begun = process.hrtime.bigint();
    for (let round = 0; round < rounds; round++) work();
    best = Math.min(best, Number(process.hrtime.bigint() - begun) / rounds);
  }
  return best;
}

const [mode, ...words] = process.argv.slice(2);
const payloads = readFileSync(words.at(-1), "utf8").trim().split("\n");
if (mode === "time") {
  for (const [name, library] of Object.entries(libraries)) {
    payloads.forEach((payload, line) => {
      const prepared = library.prepare(payload);
      console.log(name, "decode", line, nanoseconds(() => library.decode(payload)).toFixed(1));
      console.log(name, "encode", line, nanoseconds(() => library.encode(prepared)).toFixed(1));
    });
  }
} else {
  const [name, operation, line, rounds] = words;
  const library = libraries[name];
  const payload = payloads[Number(line)];
  const prepared = library.prepare(payload);
  for (let round = 0; round < Number(rounds); round++) {
    if (operation === "decode") library.decode(payload);
    else library.encode(prepared);
  }
}
