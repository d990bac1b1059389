#!/usr/bin/env node
import { main } from '../dist/program.js';

// `salesreport … | head` closes the pipe early: there is nobody left to write to.
process.stdout.on('error', error => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const code = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  onInterrupt: press => process.on('SIGINT', press),
});
process.exitCode = code;
// After Ctrl-C calls may still be in flight, and nobody waits for their answers.
if (code === 130) process.exit();
