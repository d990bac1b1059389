import { Command, Option } from 'commander';
import { type ExitReason, Problem } from '../problem.ts';
import { findNearest } from '../settings/nearest.ts';
import type { GlobalFlags, Session } from './session.ts';

/** What a verb does. Its options are those it declares. */
export type Run<O> = (session: Session, options: O, args: string[]) => Promise<ExitReason>;

/** Makes a verb's action of what it does: main.ts gives one that runs it, tests give one that only notes it. */
export type Dispatch = <O extends object>(run: Run<O>) => (this: Command, ...args: unknown[]) => Promise<void>;

/** A command whose mistakes of usage are Problems: one sentence with the nearest known name. */
export class UsageCommand extends Command {
  override createCommand(name?: string): UsageCommand {
    return new UsageCommand(name);
  }

  override error(message: string, options?: { code?: string }): never {
    throw new Problem('usage', usageSentence(this, message, options?.code ?? ''), { exit: 'usage' });
  }

  /** Lines of `command   what it does`, below the help. */
  examples(...lines: readonly (readonly [command: string, what: string])[]): this {
    const width = Math.max(...lines.map(([command]) => command.length));
    return this.addHelpText(
      'after',
      `\nExamples:\n${lines.map(([command, what]) => `  $ ${command.padEnd(width)}  ${what}`).join('\n')}`,
    );
  }
}

export function globalOptions(): Option[] {
  return [
    new Option('--stack <name>', 'name of the stack (default: salesreport)'),
    new Option('--profile <name>', 'AWS profile'),
    new Option('--region <region>', 'AWS region'),
    new Option('--settings <file>', 'settings file (default: salesreport.yaml, if there is one)'),
    new Option('--json', 'print one JSON document on stdout'),
    new Option('--quiet', 'print only results, warnings and errors'),
    new Option('--verbose', 'print every AWS call with its duration'),
    new Option('--no-color', 'print no colours'),
    new Option('--yes', 'skip confirmation prompts'),
    new Option('--allow-http-endpoint', 'allow unencrypted calls to an endpoint on another computer'),
  ];
}

export const globalFlagsOf = (command: Command): GlobalFlags => {
  let root = command;
  while (root.parent) root = root.parent;
  return root.opts();
};

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/** Our sentence for one of commander's, which are `error: unknown option '--stak'` and the like. */
function usageSentence(command: Command, message: string, code: string): string {
  const [first = '', second = ''] = [...message.matchAll(/'([^']*)'/g)].map(match => match[1]!);
  const path = pathOf(command);
  const suggest = (known: string[]) => {
    const nearest = findNearest(first, known);
    return nearest ? `did you mean ${nearest}?` : `see ${path} --help.`;
  };
  switch (code) {
    case 'commander.unknownOption':
      return `There is no flag ${first}; ${suggest(flagsOf(command))}`;
    case 'commander.unknownCommand':
      return `There is no command "${first}"; ${suggest(command.commands.map(child => child.name()))}`;
    case 'commander.missingArgument':
      return `${path} needs ${/^[aeiou]/.test(first) ? 'an' : 'a'} ${first}; see ${path} --help.`;
    case 'commander.missingMandatoryOptionValue':
      return `${path} needs ${first}; see ${path} --help.`;
    case 'commander.optionMissingArgument':
      return `The flag ${first.split(' ')[0]} needs a value: ${first}.`;
    case 'commander.invalidArgument': {
      const takes = /choices are (.*)\.$/.exec(message)?.[1] ?? 'other values';
      if (message.includes('command-argument')) return `${path} takes no "${first}"; it takes ${takes}.`;
      return `The flag ${first.split(' ')[0]} cannot be "${second}"; it takes ${takes}.`;
    }
    case 'commander.conflictingOption':
      return `The flags ${first.split(' ')[0]} and ${second.split(' ')[0]} exclude each other.`;
    case 'commander.excessArguments':
      return `${path} takes no argument "${command.args.at(-1)}"; see ${path} --help.`;
    default:
      return message.replace(/^error: /, '').replace(/\.?$/, '.');
  }
}

function flagsOf(command: Command): string[] {
  const own = command.options.map(option => option.long!);
  return [...own, ...(command.parent ? flagsOf(command.parent) : ['--help'])];
}
