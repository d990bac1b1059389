#!/usr/bin/env node
const complain = sentence => {
  process.stderr.write(`Error: ${sentence}\n`);
  process.exit(1);
};

const { main, patiently, steady } = await import('../dist/program.js').catch(error => {
  if (error.code === 'EMFILE' || error.code === 'ENFILE')
    return complain(
      `This process may not open as many files as it needs (${error.code}): raise the limit, for instance with ulimit -n 1024.`,
    );
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  return complain('The program is not built: run npm run build.');
});

// A terminal that is read slowly, or not at all, must not hold up the work.
const { stdout: results, stderr: words } = patiently(process.stdout, process.stderr);
const stdout = steady(results);
const stderr = words === results ? stdout : steady(words);
for (const stream of [process.stdout, process.stderr]) if (stream !== results && stream !== words) steady(stream);
// Node's own warnings are about the program, and nothing that its user can act on.
if (!process.argv.includes('--verbose')) process.removeAllListeners('warning');

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const on = (names, listener) => names.forEach(name => void process.on(name, listener));
const code = await main(process.argv.slice(2), {
  stdout: results,
  stderr: words,
  stdin: process.stdin,
  env: process.env,
  onInterrupt: press => on(signals, press),
  onCrash: crash => on(['uncaughtException'], crash),
});
process.exitCode = code;
on(signals, () => process.exit());

// Calls may still be in flight after Ctrl-C, and steps asleep where AWS does not answer any more: nobody waits for
// them, but for what is being written.
const within = (ms, work) => Promise.race([work, new Promise(done => void setTimeout(done, ms))]);
await (code === 130 ? within(2_000, stdout.flushed()) : stdout.flushed());
// `salesreport … | head` closes the pipe early, on purpose: nothing is amiss then.
if (stdout.failure && stdout.failure.code !== 'EPIPE') {
  words.write(
    `Error: The output cannot be written (${stdout.failure.code}): free some space, or write it elsewhere.\n`,
  );
  process.exitCode = code || 1;
}
await within(5_000, stderr.flushed());
process.exit();
