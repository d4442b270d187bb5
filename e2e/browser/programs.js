// The programs that the tests drive, each on a free port. run.sh has built them.
import { spawn } from "node:child_process";
import { basename } from "node:path";
import { createInterface } from "node:readline";

// built is the path of a program that run.sh has built, which says so in a variable of the environment.
export function built(variable) {
  const path = process.env[variable];
  if (!path) throw new Error(`${variable} is not set: run ./run.sh`);
  return path;
}

// startProgram runs a program that prints its address, and returns that, the origin of it, what the program logs, and
// ways to end it. It sees nothing of the environment that would make it another program than the tests mean.
export async function startProgram(path, args = [], { cwd, env = {} } = {}) {
  const clean = { ...process.env };
  for (const name of ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "ADDR", "DB"]) delete clean[name];
  const child = spawn(path, args, { cwd, env: { ...clean, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (data) => (log += data));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /http:\S+/.exec(line);
      if (found) resolve(found[0]);
    });
    ended.then((code) => reject(new Error(`${basename(path)} ended with ${code}: ${log}`)));
  });
  return {
    url,
    origin: new URL(url).origin,
    log: () => log,
    // kill ends it as a crash would.
    async kill() {
      child.kill("SIGKILL");
      return ended;
    },
    // stop asks politely, as a terminal does, and returns the exit code.
    async stop() {
      child.kill("SIGINT");
      return ended;
    },
  };
}

// startQuickstart runs the quickstart. Pause is the time between two words of the demo, db the file that it keeps
// threads in.
export function startQuickstart({ pause = "5ms", db = "", addr = "127.0.0.1:0", env = {} } = {}) {
  return startProgram(built("QUICKSTART"), ["-addr", addr, "-pause", pause, "-db", db], { env });
}

// startSupportDesk runs the support desk, which keeps its files in a folder.
export function startSupportDesk(folder) {
  return startProgram(built("SUPPORT_DESK"), ["-addr", "127.0.0.1:0", "-pause", "2ms"], { cwd: folder });
}

// startAttachments runs the example of attachments, which keeps its files in a temporary folder.
export function startAttachments() {
  return startProgram(built("ATTACHMENTS"), ["-addr", "127.0.0.1:0"]);
}
