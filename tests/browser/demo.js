// The real demo, on free ports: the binary that a person runs, its network, its members, its playground.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
export const binary = process.env.SOJOURN ?? `${root}target/release/sojourn`;
const startsWithinMs = 60_000;
const endsWithinMs = 20_000;

// Starts it, and returns the playground's address once it answers.
export async function demo(...more) {
  if (!existsSync(binary)) throw new Error(`there is no ${binary}; build it, or say where it is with SOJOURN`);
  const child = spawn(binary, ["demo", "--payments", "0", "--port", "0", "--play-port", "0", "--console-port", "0", ...more], {
    cwd: root, stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { text: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => { said.text += data; });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const playground = await told(said, gone, /http:\/\/127\.0\.0\.1:\d+\/play/);
  const network = await told(said, gone, /stays up for payments from outside: (http:\/\/127\.0\.0\.1:\d+)/);
  await told(said, gone, /advice is offered: /);
  const office = await told(said, gone, /operator's console: (\S+) .* are in (\S+)\)/);
  return {
    playground: playground[0],
    advice: playground[0].replace(/play$/, "advice"),
    console: office[1],
    // The tokens of the operator's people, by name.
    people: Object.fromEntries(readFileSync(office[2], "utf8").split("\n").map((line) => line.split(" ")).filter((line) => line.length === 2)),
    network: network[1],
    said: () => said.text,
    // Ends it as Ctrl-C does; it replays its journal and says so.
    async end() {
      child.kill("SIGINT");
      const killing = setTimeout(() => child.kill("SIGKILL"), endsWithinMs);
      const status = await gone;
      clearTimeout(killing);
      return { status, said: said.text };
    },
  };
}

async function told(said, gone, wanted) {
  let ended = false;
  gone.then(() => { ended = true; });
  for (const until = Date.now() + startsWithinMs; Date.now() < until;) {
    const found = said.text.match(wanted);
    if (found) return found;
    if (ended) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the demo did not say ${wanted}:\n${said.text}`);
}
