#!/usr/bin/env node
const complain = sentence => {
  process.stderr.write(`Error: ${sentence}\n`);
  process.exit(1);
};

// `salesreport … | head` closes the pipe early: there is nobody left to write to.
process.stdout.on('error', ({ code, message }) => {
  if (code === 'EPIPE') process.exit();
  complain(`The output cannot be written (${message}).`);
});

const { main, openPatiently } = await import('../dist/program.js').catch(error => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  return complain('The program is not built: run npm run build.');
});
// Who reads the terminal slowly, or not at all, must not keep the work waiting.
const stderr = openPatiently(process.stderr) ?? process.stderr;
const code = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr,
  stdin: process.stdin,
  env: process.env,
  onInterrupt: press => process.on('SIGINT', press).on('SIGTERM', press),
});
process.exitCode = code;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit());
// Calls may still be in flight after Ctrl-C, and steps asleep where AWS does not answer any more: nobody waits for them, but for what is being written.
if (code !== 130) await Promise.all([process.stdout, stderr].map(stream => new Promise(done => stream.write('', done))));
process.exit();
