/** The statement without its comments and its last semicolon; or why it is none that may be run, as words that follow its name. */
export type OneSelect = { sql: string } | { words: string };

class Refusal extends Error {}

/**
 * Reads the text of a query: one SELECT, with or without WITH. What can write or lock is refused where it can be recognised; a read-only transaction and
 * an account that can only read stand behind it. Comments are left out, since the text is put between parentheses, and a comment would swallow the last.
 */
export function oneSelect(text: string): OneSelect {
  try {
    const { sql, words } = scan(text);
    verify(words);
    return { sql };
  } catch (error) {
    if (error instanceof Refusal) return { words: error.message };
    throw error;
  }
}

/** What stands at a place in SQL, the first that matches; lexical structure as in the manuals of MySQL and MariaDB. */
const lexemes = [
  ['executable', /\/\*M?!/y],
  ['hint', /\/\*\+[\s\S]*?\*\//y],
  ['comment', /\/\*[\s\S]*?\*\/|#.*|--(?=\s|$).*/y],
  ['quoted', /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*"|`(?:[^`]|``)*`/y],
  ['open', /\/\*|['"`]/y],
  ['space', /\s+/y],
  ['word', /[\w$\u0080-\uffff]+/y],
  ['sign', /:=|[\s\S]/y],
] as const;

const opened: Record<string, string> = {
  '/*': 'a comment that does not end; close it with */',
  "'": "a string that does not end; close it with '",
  '"': 'a string that does not end; close it with "',
  '`': 'a quoted name that does not end; close it with `',
};

/** The words are in capitals, with signs and quoted ones among them. */
function scan(text: string): { sql: string; words: string[] } {
  const words: string[] = [];
  let sql = '';
  let depth = 0;
  let isOver = false;
  for (let at = 0; at < text.length; ) {
    const { kind, found } = lexemeAt(text, at);
    at += found.length;
    if (kind === 'executable') throw new Refusal('holds a comment that a server executes, /*! … */; write out what it says');
    if (kind === 'open') throw new Refusal(`holds ${opened[found]}`);
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
    if (kind !== 'hint') words.push(found.toUpperCase());
  }
  if (depth > 0) throw new Refusal('opens a parenthesis that it does not close; close it');
  return { sql: sql.trim(), words };
}

function lexemeAt(text: string, at: number) {
  for (const [kind, pattern] of lexemes) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found) return { kind, found };
  }
  throw new Error(`No lexeme at ${at}`);
}

/** What a SELECT must not say, by its words; those that are names elsewhere are followed by `(` here. */
const refused: readonly { words: readonly string[]; why: string }[] = [
  { words: ['INTO'], why: 'writes with INTO; leave INTO and what follows it out' },
  { words: ['FOR', 'UPDATE'], why: 'locks rows with FOR UPDATE; leave it out' },
  { words: ['FOR', 'SHARE'], why: 'locks rows with FOR SHARE; leave it out' },
  { words: ['LOCK', 'IN'], why: 'locks rows with LOCK IN SHARE MODE; leave it out' },
  { words: ['UPDATE'], why: 'changes rows with UPDATE; only a SELECT may stand here' },
  { words: ['DELETE'], why: 'changes rows with DELETE; only a SELECT may stand here' },
  { words: ['PROCEDURE'], why: 'calls a procedure; leave PROCEDURE and what follows it out' },
  { words: ['NEXT', 'VALUE'], why: 'moves a sequence with NEXT VALUE; leave it out' },
  { words: [':='], why: 'sets a variable with :=; leave it out' },
  { words: ['?'], why: 'holds a ?, for which there is no value; write the value' },
  ...['NEXTVAL', 'SETVAL', 'SLEEP', 'BENCHMARK', 'GET_LOCK', 'RELEASE_LOCK', 'RELEASE_ALL_LOCKS', 'LOAD_FILE'].map(name => ({
    words: [name, '('],
    why: `calls ${name}(), which does more than read the shop; leave it out`,
  })),
];

function verify(words: readonly string[]): void {
  const first = words.find(word => word !== '(');
  if (first === undefined) throw new Refusal('is empty; write a SELECT');
  if (first !== 'SELECT' && first !== 'WITH') throw new Refusal(`begins with ${first}; it must begin with SELECT or WITH`);
  for (const [at, word] of words.entries()) {
    // What follows a dot is a column, whatever its name.
    if (words[at - 1] === '.') continue;
    const found = refused.find(
      ({ words: sought }) => sought[0] === word && sought.every((one, next) => words[at + next] === one),
    );
    if (found) throw new Refusal(found.why);
  }
}
