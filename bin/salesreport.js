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

const { main } = await import('../dist/program.js').catch(error => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  return complain('The program is not built: run npm run build.');
});
const code = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  onInterrupt: press => process.on('SIGINT', press).on('SIGTERM', press),
});
process.exitCode = code;
// Calls may still be in flight after Ctrl-C, and steps asleep where AWS does not answer any more: nobody waits for them, but for what is being written.
if (code !== 130) await Promise.all([process.stdout, process.stderr].map(stream => new Promise(done => stream.write('', done))));
process.exit();
