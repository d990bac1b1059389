// The law of imports. `npm run layers` checks it; test/package/layers.test.ts proves that each rule can fail.
const room = name => `^src/${name}/`;
const packages = names => `(^|/)node_modules/(${names})(/|$)`;
const sdk = packages('@aws-sdk|@smithy|@aws');
const roots = '^src/[^/]+[.]ts$';
const entries = '^src/(commands/main|report/handler|report/report-schema|settings/reference)[.]ts$';
const typeOnly = ['type-only'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'roots-know-no-room',
      comment:
        'What everybody may import (clock, problem, draw, the contract with the function) would otherwise bring a room along.',
      severity: 'error',
      from: { path: roots },
      to: { path: '^src/.+/' },
    },
    {
      name: 'schedule-stands-alone',
      comment: 'Settings, provision and report all reckon with schedules, so the schedule can know none of them.',
      severity: 'error',
      from: { path: room('schedule') },
      to: { path: '^src/.+/', pathNot: room('schedule') },
    },
    {
      name: 'settings-know-only-the-schedule',
      comment: 'Every room reads the settings; what they mean is for the rooms to decide.',
      severity: 'error',
      from: { path: room('settings') },
      to: { path: '^src/.+/', pathNot: room('(settings|schedule)') },
    },
    {
      name: 'provision-knows-no-report',
      comment: "The operator's side and the deployed function meet in src/function-contract.ts and nowhere else.",
      severity: 'error',
      from: { path: room('provision') },
      to: { path: room('report') },
    },
    {
      name: 'report-knows-no-provision',
      comment:
        'The report is bundled into the function: the code that builds and removes the pipeline must not travel with it.',
      severity: 'error',
      from: { path: room('report') },
      to: { path: room('provision') },
    },
    {
      name: 'logic-never-prints',
      comment: 'Outcomes and reports are values; only commands bring them to the terminal.',
      severity: 'error',
      from: { path: room('(provision|report|simulator)') },
      to: { path: room('terminal') },
    },
    {
      name: 'commands-are-the-top',
      comment: 'A command calls the rooms below it; a room that called a command would run in a circle.',
      severity: 'error',
      from: { path: '^src/', pathNot: room('commands') },
      to: { path: room('commands') },
    },
    {
      name: 'engine-knows-no-aws',
      comment:
        'Plan, order, retries and waiting are the same for every kind of resource; AWS is what resources/ and aws/ know. Types are free.',
      severity: 'error',
      from: { path: room('provision/engine') },
      to: { path: [sdk, room('provision/(aws|resources)')], dependencyTypesNot: typeOnly },
    },
    {
      name: 'sdk-only-where-aws-is-called',
      comment:
        "Calls to AWS stay in the few rooms that know its rules. Types are free; the simulator throws the SDK's own errors.",
      severity: 'error',
      from: {
        path: '^(src|bench)/',
        pathNot: [room('(provision/aws|provision/resources|report/deliver|simulator)'), '^src/report/secret[.]ts$'],
      },
      to: { path: sdk, dependencyTypesNot: typeOnly },
    },
    {
      name: 'driver-only-in-the-report',
      comment: 'Only the report reads the shop; loaded anywhere else, the driver would slow down every command.',
      severity: 'error',
      from: { path: '^(src|bench)/', pathNot: room('report') },
      to: { path: packages('mysql2'), dependencyTypesNot: typeOnly },
    },
    {
      name: 'only-the-terminal-draws',
      comment: 'Colour, spinners and tables depend on where the output goes, which only the terminal knows.',
      severity: 'error',
      from: { path: '^(src|bench)/', pathNot: room('terminal') },
      to: { path: packages('chalk|ora|string-width|wrap-ansi') },
    },
    {
      name: 'simulator-is-chosen-in-one-place',
      comment: 'A tool that could meet its simulator by accident could report success that never happened.',
      severity: 'error',
      from: { path: '^src/', pathNot: [room('simulator'), '^src/commands/cloud[.]ts$'] },
      to: { path: room('simulator') },
    },
    {
      name: 'product-knows-no-workshop',
      comment: 'What is shipped cannot need what is not.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'no-cycles',
      comment:
        'Files that need each other are one idea in two places. Types may refer back: they are gone when the program runs.',
      severity: 'error',
      from: { path: '^(src|bench|scripts)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: typeOnly } },
    },
    {
      name: 'no-dead-code',
      comment:
        'What neither the program, the function nor the documentation reaches is not part of the product. The simulator serves tests too.',
      severity: 'error',
      from: { path: entries },
      to: { path: '^src/', pathNot: [entries, room('simulator'), '[.]d[.]ts$'], reachable: false },
    },
    {
      name: 'no-unknown-imports',
      comment: 'An import that resolves to nothing escapes every rule above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // It reads TypeScript through the compiler's interface, which TypeScript has up to version 6.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.d.ts'],
    },
  },
};
