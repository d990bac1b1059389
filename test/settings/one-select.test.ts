import { expect, test } from 'vitest';
import { oneSelect } from '../../src/settings/one-select.ts';

test.each([
  ['SELECT 1', 'SELECT 1'],
  ['  select 1 ;  ', 'select 1'],
  ['WITH a AS (SELECT 1) SELECT * FROM a', 'WITH a AS (SELECT 1) SELECT * FROM a'],
  ['(SELECT 1) UNION (SELECT 2)', '(SELECT 1) UNION (SELECT 2)'],
  ['-- the shop;\nSELECT 1 # one;\n; -- end', 'SELECT 1'],
  ['SELECT /* ) ; */ 1', 'SELECT   1'],
  ['SELECT 1--2', 'SELECT 1--2'],
  ['SELECT /*+ MAX_EXECUTION_TIME(1000) */ 1', 'SELECT /*+ MAX_EXECUTION_TIME(1000) */ 1'],
  [
    "SELECT ';', 'it''s', '\\'; --', \"a;b\", `into`, 'für ?' AS größe",
    "SELECT ';', 'it''s', '\\'; --', \"a;b\", `into`, 'für ?' AS größe",
  ],
  ['SELECT 1.5, .5, 1e5, 1., 0x1F, t.1a FROM `a``b`', 'SELECT 1.5, .5, 1e5, 1., 0x1F, t.1a FROM `a``b`'],
  [
    "SELECT '/*! no */', 'it\\'s', `sleep`, \"sleep\" FROM o",
    "SELECT '/*! no */', 'it\\'s', `sleep`, \"sleep\" FROM o",
  ],
  ['SELECT /* /*! */ 1', 'SELECT   1'],
  ['SELECT /*+ QB_NAME(`x`) */ 1', 'SELECT   1'],
  ['SELECT o.update, o.into FROM o', 'SELECT o.update, o.into FROM o'],
  [
    "SELECT INSERT('a', 1, 0, 'b'), REPLACE('a', 'b', 'c'), updated, sleep FROM o",
    "SELECT INSERT('a', 1, 0, 'b'), REPLACE('a', 'b', 'c'), updated, sleep FROM o",
  ],
])('%s is one SELECT', (text, sql) => {
  expect(oneSelect(text)).toEqual({ sql });
});

test.each<[string, string]>([
  ['', 'is empty; write a SELECT'],
  [' -- nothing\n;', 'is empty; write a SELECT'],
  ['UPDATE o SET a = 1', 'starts with UPDATE; it must start with SELECT or WITH'],
  ['(DELETE FROM o)', 'starts with DELETE; it must start with SELECT or WITH'],
  ['CALL p()', 'starts with CALL; it must start with SELECT or WITH'],
  ['SELECT 1; SELECT 2', 'holds more than one statement; leave the one SELECT'],
  ['SELECT 1; /* and */ DROP TABLE o', 'holds more than one statement; leave the one SELECT'],
  ['SELECT 1;;', 'holds more than one statement; leave the one SELECT'],
  ['WITH a AS (SELECT 1) DELETE FROM o', 'changes rows with DELETE; only a SELECT is allowed here'],
  ['WITH a AS (SELECT 1) UPDATE o SET b = 1', 'changes rows with UPDATE; only a SELECT is allowed here'],
  ["SELECT 1 INTO OUTFILE '/tmp/x'", 'writes with INTO; leave INTO and what follows it out'],
  ['SELECT 1 FOR\n UPDATE', 'locks rows with FOR UPDATE; leave it out'],
  ['SELECT 1 LOCK IN SHARE MODE', 'locks rows with LOCK IN SHARE MODE; leave it out'],
  ['SELECT * FROM o PROCEDURE ANALYSE()', 'calls a procedure; leave PROCEDURE and what follows it out'],
  ['SELECT @a := 1', 'sets a variable with :=; leave it out'],
  ['SELECT SLEEP /* long */ (9)', 'calls SLEEP(), which does more than read the shop; leave it out'],
  ['SELECT `sleep`(5)', 'calls SLEEP(), which does more than read the shop; leave it out'],
  ['SELECT `Sleep` /* x */ (5)', 'calls SLEEP(), which does more than read the shop; leave it out'],
  ['SELECT "sleep"(5)', 'calls SLEEP(), which does more than read the shop; leave it out'],
  ['SELECT mariadb_schema.sleep(5)', 'calls SLEEP(), which does more than read the shop; leave it out'],
  ['SELECT mariadb_schema . `benchmark`(1, 1)', 'calls BENCHMARK(), which does more than read the shop; leave it out'],
  ...['1.', '1.5', '1e5', '1.e5', '.5', 'o. ', '2.INTO', '1e5INTO', '.5INTO', '1.5e-3INTO'].map(
    number =>
      [
        `SELECT ${number.replace('INTO', '')}${number.endsWith('INTO') ? '' : ' '}INTO OUTFILE '/tmp/x'`,
        'writes with INTO; leave INTO and what follows it out',
      ] as [string, string],
  ),
  ['SELECT 1 --\u0001 \'\n INTO OUTFILE "/tmp/x" -- \'', 'holds the control character 1; remove it'],
  ['SELECT 1 --\r\'\n INTO OUTFILE "/tmp/x" -- \'', 'writes with INTO; leave INTO and what follows it out'],
  ['SELECT 1 # \u2028 \'\n INTO OUTFILE "x" # \'', 'writes with INTO; leave INTO and what follows it out'],
  // With NO_BACKSLASH_ESCAPES, and with ANSI_QUOTES.
  ["SELECT '\\' INTO OUTFILE '/tmp/x'", "holds a string that does not end; close it with '"],
  ["SELECT '\\' INTO OUTFILE 'x' -- '", 'writes with INTO; leave INTO and what follows it out'],
  ['SELECT "\\" INTO OUTFILE "x" -- "', 'writes with INTO; leave INTO and what follows it out'],
  ['SELECT 1 /*m!100100 INTO @a */', 'holds a comment that a server executes, /*! … */; write out what it says'],
  ['`SELECT` 1', 'starts with SELECT; it must start with SELECT or WITH'],
  ['SELECT * FROM o WHERE id = ?', 'holds a ?, for which there is no value; write the value'],
  ['SELECT 1 /*! INTO @a */', 'holds a comment that a server executes, /*! … */; write out what it says'],
  ['SELECT 1 /*M!100100 INTO @a */', 'holds a comment that a server executes, /*! … */; write out what it says'],
  ['SELECT 1) UNION (SELECT 2', 'closes a parenthesis that it did not open; remove it'],
  ['SELECT (1', 'opens a parenthesis that it does not close; close it'],
  ["SELECT 'a", "holds a string that does not end; close it with '"],
  ['SELECT 1 /* a', 'holds a comment that does not end; close it with */'],
  ['SELECT `a', 'holds a quoted name that does not end; close it with `'],
])('%s is refused', (text, words) => {
  expect(oneSelect(text)).toEqual({ words });
});
