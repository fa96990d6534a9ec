/** The real server, on made-up people: made once, copied for every worker, served on a free port. */

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

/** One login of each kind, as `engawa demo --logins FILE` writes them. */
export interface Login {
  kind: string;
  user: string;
  password: string;
  role: string;
  body: string;
}

/** Where global setup left the demo municipality, for the workers. */
const TEMPLATE = "ENGAWA_E2E_TEMPLATE";

/** How long the server may take until it says where it listens, in milliseconds. */
const STARTS_WITHIN = 60_000;

/** How long the server may take to end when asked to, in milliseconds. */
const ENDS_WITHIN = 15_000;

/** The program under test: `cargo xtask test` names it; by hand it is the last `cargo build`. */
export function program(): string {
  const program = process.env.ENGAWA_BIN ?? resolve(import.meta.dirname, "../../target/debug/engawa");
  if (!existsSync(program)) {
    throw new Error(`${program} is missing: run \`cargo build\` first, or name the program in ENGAWA_BIN`);
  }
  return program;
}

/** Makes the demo municipality that every worker starts from. Returns what removes it again. */
export async function makeTemplate(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "engawa-e2e-"));
  const data = join(folder, "data");
  const logins = join(folder, "logins.json");
  const seed = ["--people", "300", "--seed", "1"];
  await promisify(execFile)(program(), ["demo", "--data", data, ...seed, "--logins", logins]);
  process.env[TEMPLATE] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

/** A running `engawa serve` with its own copy of the demo municipality. */
export class Server {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** The data folder, for tests that use other commands of `engawa`. */
  readonly data: string;
  readonly logins: readonly Login[];

  private constructor(
    private child: ChildProcess,
    private readonly output: string[],
    private readonly folder: string,
    url: string,
  ) {
    this.url = url;
    this.data = join(folder, "data");
    this.logins = JSON.parse(readFileSync(join(folder, "logins.json"), "utf8")) as Login[];
  }

  static async start(): Promise<Server> {
    const template = process.env[TEMPLATE];
    if (!template) throw new Error("global setup did not run: start the tests with `npx playwright test`");
    const folder = mkdtempSync(join(tmpdir(), "engawa-e2e-"));
    cpSync(template, folder, { recursive: true });

    const output: string[] = [];
    const child = serve(folder, "127.0.0.1:0");
    try {
      const url = await address(child, output);
      return new Server(child, output, folder, url);
    } catch (error) {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** What a power cut does: the program ends at once, without a chance to tidy up. */
  async crash(): Promise<void> {
    const ended = new Promise<void>((done) => this.child.once("exit", () => done()));
    this.child.kill("SIGKILL");
    await ended;
  }

  /** Starts it again on the same data, at the same address. */
  async again(): Promise<void> {
    this.child = serve(this.folder, new URL(this.url).host);
    await address(this.child, this.output);
  }

  /** The demo login of this kind. */
  login(kind: string): Login {
    const login = this.logins.find((login) => login.kind === kind);
    if (login) return login;
    throw new Error(`no demo login of kind ${kind}; there are: ${this.logins.map((l) => l.kind).join(", ")}`);
  }

  /** Stops the server. Throws if it had died or panicked, which no screen may show. */
  async stop(): Promise<void> {
    const { child } = this;
    const died = child.exitCode !== null || child.signalCode !== null;
    if (!died) {
      const ended = new Promise<void>((done) => child.once("exit", () => done()));
      child.kill("SIGTERM");
      const impatience = setTimeout(() => child.kill("SIGKILL"), ENDS_WITHIN);
      await ended;
      clearTimeout(impatience);
    }
    rmSync(this.folder, { recursive: true, force: true });
    const said = this.output.join("");
    if (died) throw new Error(`engawa serve ended by itself (${child.exitCode ?? child.signalCode})\n${said}`);
    if (said.includes("panicked at")) throw new Error(`engawa serve panicked\n${said}`);
  }
}

function serve(folder: string, listen: string): ChildProcess {
  return spawn(program(), ["serve", "--data", join(folder, "data"), "--listen", listen], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Waits for the line `listening on http://127.0.0.1:PORT`. Keeps all output, for when something fails. */
function address(child: ChildProcess, output: string[]): Promise<string> {
  return new Promise((found, failed) => {
    const fail = (why: string) => failed(new Error(`engawa serve ${why}\n${output.join("")}`));
    const impatience = setTimeout(() => fail("did not say where it listens"), STARTS_WITHIN);
    const settled = (settle: () => void) => {
      clearTimeout(impatience);
      settle();
    };
    let stdout = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output.push(text);
      stdout += text;
      const [, url] = /listening on (http:\/\/127\.0\.0\.1:\d+)\s/.exec(stdout) ?? [];
      if (url) settled(() => found(url));
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => output.push(text));
    child.once("error", (error) => settled(() => fail(`could not start: ${error.message}`)));
    child.once("exit", (code, signal) => settled(() => fail(`ended at once (${code ?? signal})`)));
  });
}
