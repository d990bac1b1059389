/**
 * The statement without its comments and its last semicolon; or why it is none that may be run, as words that follow
 * its name.
 */
export type OneSelect = { sql: string } | { words: string };

class Refusal extends Error {}

/**
 * Reads the text of a query: one SELECT, with or without WITH. What can write or lock is refused where it can be
 * recognised; a read-only transaction and an account that can only read stand behind it. Comments are left out, since
 * the text is put between parentheses, and a comment would swallow the last.
 */
export function oneSelect(text: string): OneSelect {
  try {
    const { sql, words } = scan(text, 'usual');
    verify(words);
    // By its sql_mode a server may end strings elsewhere. What it would take for no statement it refuses itself.
    for (const mode of ['ansi', 'plain'] as const) {
      const other = scanned(sql, mode);
      if (other) verify(other.words);
    }
    return { sql };
  } catch (error) {
    if (error instanceof Refusal) return { words: error.message };
    throw error;
  }
}

/** Undefined where the text is not whole. */
function scanned(text: string, mode: Mode): ReturnType<typeof scan> | undefined {
  try {
    return scan(text, mode);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/**
 * How a server ends strings: a backslash escapes in both kinds, only between single quotes (ANSI_QUOTES), or nowhere
 * (NO_BACKSLASH_ESCAPES).
 */
type Mode = 'usual' | 'ansi' | 'plain';

const escaping = (quote: string) =>
  new RegExp(String.raw`${quote}(?:[^${quote}\\]|${quote}${quote}|\\[\s\S])*${quote}`, 'y');
const doubling = (quote: string) => new RegExp(`${quote}(?:[^${quote}]|${quote}${quote})*${quote}`, 'y');

/**
 * What is at a place in SQL, the first that matches; lexical structure as in the manuals of MySQL and MariaDB, and in
 * sql_lex.cc where they say nothing.
 */
const lexemesOf = (mode: Mode) =>
  [
    ['executable', /\/\*M?!/iy],
    // With quotes in it, its end would be a matter of opinion: it is left out as a comment.
    ['hint', /\/\*\+[\w\s(),@.%$-]*\*\//y],
    // A control character ends the two hyphens too, and only a line feed ends the line.
    ['comment', /\/\*[\s\S]*?\*\/|#[^\n]*|--(?=[ \p{Cc}]|$)[^\n]*/uy],
    ['string', mode === 'plain' ? doubling("'") : escaping("'")],
    // A name under ANSI_QUOTES.
    ['name', mode === 'usual' ? escaping('"') : doubling('"')],
    ['name', doubling('`')],
    ['open', /\/\*|['"`]/y],
    ['space', /[ \t\n\v\f\r]+/y],
    ['number', /(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+/y],
    ['word', /[\w$\u0080-\uffff]+/y],
    ['sign', /:=|[\s\S]/y],
  ] as const;

const lexemes = { usual: lexemesOf('usual'), ansi: lexemesOf('ansi'), plain: lexemesOf('plain') };

const opened: Record<string, string> = {
  '/*': 'a comment that does not end; close it with */',
  "'": "a string that does not end; close it with '",
  '"': 'a string that does not end; close it with "',
  '`': 'a quoted name that does not end; close it with `',
};

/** A word in capitals, a sign, or what is between quotes; `isColumn` of one that directly follows a dot. */
interface Word {
  text: string;
  kind: 'name' | 'string' | 'number' | 'word' | 'sign';
  isColumn: boolean;
}

function scan(text: string, mode: Mode): { sql: string; words: Word[] } {
  const control = /(?![\t-\r])\p{Cc}/u.exec(text)?.[0];
  if (control) throw new Refusal(`holds the control character ${control.charCodeAt(0)}; remove it`);
  const words: Word[] = [];
  let sql = '';
  let depth = 0;
  let isOver = false;
  let before = '';
  for (let at = 0; at < text.length; ) {
    const { kind, found } = lexemeAt(text, at, mode);
    at += found.length;
    if (kind === 'executable')
      throw new Refusal('holds a comment that a server executes, /*! … */; write out what it says');
    if (kind === 'open') throw new Refusal(`holds ${opened[found]}`);
    const isColumn = before === '.';
    before = found;
    if (kind === 'comment' || kind === 'space') {
      sql += kind === 'space' ? found : ' ';
      continue;
    }
    if (isOver) throw new Refusal('holds more than one statement; leave the one SELECT');
    if (found === ';') {
      isOver = true;
      continue;
    }
    if (found === ')' && --depth < 0) throw new Refusal('closes a parenthesis that it did not open; remove it');
    sql += found;
    if (found === '(') depth++;
    if (kind === 'hint') continue;
    const said = kind === 'name' ? found.slice(1, -1).replaceAll(found[0]!.repeat(2), found[0]!) : found;
    words.push({ text: said.toUpperCase(), kind, isColumn });
  }
  if (depth > 0) throw new Refusal('opens a parenthesis that it does not close; close it');
  return { sql: sql.trim(), words };
}

function lexemeAt(text: string, at: number, mode: Mode) {
  for (const [kind, pattern] of lexemes[mode]) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found) return { kind, found };
  }
  throw new Error(`No lexeme at ${at}`);
}

/** What a SELECT must not say, by its words. */
const refused: readonly { words: readonly string[]; why: string }[] = [
  { words: ['INTO'], why: 'writes with INTO; leave INTO and what follows it out' },
  { words: ['FOR', 'UPDATE'], why: 'locks rows with FOR UPDATE; leave it out' },
  { words: ['FOR', 'SHARE'], why: 'locks rows with FOR SHARE; leave it out' },
  { words: ['LOCK', 'IN'], why: 'locks rows with LOCK IN SHARE MODE; leave it out' },
  { words: ['UPDATE'], why: 'changes rows with UPDATE; only a SELECT is allowed here' },
  { words: ['DELETE'], why: 'changes rows with DELETE; only a SELECT is allowed here' },
  { words: ['PROCEDURE'], why: 'calls a procedure; leave PROCEDURE and what follows it out' },
  { words: ['NEXT', 'VALUE'], why: 'moves a sequence with NEXT VALUE; leave it out' },
  { words: [':='], why: 'sets a variable with :=; leave it out' },
  { words: ['?'], why: 'holds a ?, for which there is no value; write the value' },
];

/** Functions that do more than read, as a server finds them: by a quoted name and behind `mariadb_schema.` too. */
const refusedFunctions = [
  ...['NEXTVAL', 'SETVAL', 'SLEEP', 'BENCHMARK', 'GET_LOCK', 'RELEASE_LOCK', 'RELEASE_ALL_LOCKS', 'LOAD_FILE'],
  ...[
    'MASTER_POS_WAIT',
    'SOURCE_POS_WAIT',
    'MASTER_GTID_WAIT',
    'WAIT_FOR_EXECUTED_GTID_SET',
    'WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS',
  ],
];

function verify(words: readonly Word[]): void {
  const first = words.find(({ text }) => text !== '(');
  if (first === undefined) throw new Refusal('is empty; write a SELECT');
  if (first.kind !== 'word' || (first.text !== 'SELECT' && first.text !== 'WITH'))
    throw new Refusal(`starts with ${first.text}; it must start with SELECT or WITH`);
  for (const [at, { text, kind, isColumn }] of words.entries()) {
    if ((kind === 'word' || kind === 'name') && words[at + 1]?.text === '(' && refusedFunctions.includes(text))
      throw new Refusal(`calls ${text}(), which does more than read the shop; leave it out`);
    // What is quoted is no keyword, nor is what directly follows a dot, which is a column.
    if (isColumn) continue;
    const found = refused.find(({ words: sought }) =>
      sought.every((one, next) => {
        const word = words[at + next];
        return word?.text === one && (word.kind === 'word' || word.kind === 'sign');
      }),
    );
    if (found) throw new Refusal(found.why);
  }
}
