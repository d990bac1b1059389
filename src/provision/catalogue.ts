import { ec2Principal } from './aws/partition.ts';
import { tagKeys } from './names.ts';
import { address } from './resources/address.ts';
import { archive } from './resources/archive.ts';
import { databaseGroup } from './resources/database-group.ts';
import { deployedSettings } from './resources/deployed-settings.ts';
import { guestEndpoint, guestGroup } from './resources/guardduty.ts';
import { host } from './resources/host.ts';
import { instanceProfile } from './resources/instance-profile.ts';
import { internetGateway } from './resources/internet-gateway.ts';
import { lambdaFunction } from './resources/lambda-function.ts';
import { layer } from './resources/layer.ts';
import { logGroup } from './resources/log-group.ts';
import { natGateway } from './resources/nat-gateway.ts';
import { networkInterfaces } from './resources/network-interfaces.ts';
import { password } from './resources/password.ts';
import { noFilters, readersMove } from './resources/readers-move.ts';
import { role } from './resources/role.ts';
import { functionPolicy, hostPolicy, schedulerPolicy } from './resources/role-policies.ts';
import { routeTable } from './resources/route-table.ts';
import { startRule, watchRule } from './resources/rule.ts';
import { s3Endpoint } from './resources/s3-endpoint.ts';
import { schedule, scheduleGroup } from './resources/scheduler.ts';
import { subnet } from './resources/subnet.ts';
import { topic } from './resources/topic.ts';
import { cliHostUserData, databaseHostUserData } from './resources/user-data.ts';
import { vpc } from './resources/vpc.ts';
import { webGroup } from './resources/web-group.ts';
import { type AwsResource, arn, type Stack } from './stack.ts';

/**
 * The pipeline: everything that any settings can make, in the order in which one would build it by hand. Provision,
 * plan, status and teardown all walk this list. A resource needs another by holding it.
 */
export function catalogue(stack: Stack): AwsResource[] {
  const { names, settings } = stack;
  const ownDatabase = settings.database.host === undefined;
  const wantsCliHost = settings.hosts.cli ?? ownDatabase;
  const zoned = settings.timezone !== 'UTC';

  const functionRole = role(stack, {
    id: 'role.function',
    title: `Role ${names.functionRole}`,
    name: names.functionRole,
    service: 'lambda.amazonaws.com',
    policyName: names.functionPolicy,
    policy: functionPolicy(stack),
  });
  const driver = layer(stack);
  const secret = password(stack);
  const mail = topic(stack, { id: 'topic', name: names.topic, marks: { [tagKeys.filters]: noFilters } });
  const notices = topic(stack, { id: 'topic.operators', name: names.operatorsTopic });
  const reports = archive(stack);
  const log = logGroup(stack);

  const network = vpc(stack);
  const publicA = subnet(stack, { vpc: network }, { kind: 'public', letter: 'a' });
  const publicB = subnet(stack, { vpc: network }, { kind: 'public', letter: 'b' });
  const privateA = subnet(stack, { vpc: network }, { kind: 'private', letter: 'a' });
  const privateB = subnet(stack, { vpc: network }, { kind: 'private', letter: 'b' });
  const internet = internetGateway(stack, { vpc: network });
  const natAddress = address(stack);
  const nat = natGateway(stack, { vpc: network, subnet: publicA, address: natAddress, internetGateway: internet });
  const publicTable = routeTable(
    stack,
    { vpc: network, gateway: internet, subnetA: publicA, subnetB: publicB },
    'public',
  );
  const privateTable = routeTable(
    stack,
    { vpc: network, gateway: nat, subnetA: privateA, subnetB: privateB },
    'private',
  );
  const s3 = s3Endpoint(stack, { vpc: network, publicTable, privateTable });

  const guestsGroup = guestGroup(stack, { vpc: network });
  const guestsEndpoint = guestEndpoint(stack, { group: guestsGroup, publicA, publicB, privateA, privateB });

  const web = webGroup(stack, { vpc: network });
  const database = databaseGroup(stack, { vpc: network, web });

  const hostRole = (kind: 'database' | 'cli', name: string, wanted: boolean) => {
    const hostsRole = role(stack, {
      id: `role.${kind}-host`,
      title: `Role ${name}`,
      name,
      service: ec2Principal(stack.partition),
      policyName: names.hostPolicy,
      policy: hostPolicy(stack, kind),
      wanted,
    });
    const profile = instanceProfile(
      stack,
      { role: hostsRole },
      { id: `profile.${kind}-host`, title: `Instance profile ${name}`, name, wanted },
    );
    return { role: hostsRole, profile };
  };
  const databaseHostRole = hostRole('database', names.databaseHostRole, ownDatabase);
  const cliHostRole = hostRole('cli', names.cliHostRole, wantsCliHost);
  const databaseHost = host(
    stack,
    { vpc: network, subnet: publicA, profile: databaseHostRole.profile, publicTable, web, database, password: secret },
    {
      id: 'host.database',
      name: names.databaseHost,
      kind: 'Database host',
      wanted: ownDatabase,
      protect: true,
      userData: databaseHostUserData(stack),
      groups: ({ web: webs, database: databases }) => [webs?.awsId, databases?.awsId],
    },
  );
  const cliHost = host(
    stack,
    { vpc: network, subnet: publicA, profile: cliHostRole.profile, publicTable, web },
    {
      id: 'host.cli',
      name: names.cliHost,
      kind: 'Administration host',
      wanted: wantsCliHost,
      protect: false,
      userData: cliHostUserData(),
      groups: ({ web: webs }) => [webs?.awsId],
    },
  );

  const interfaces = networkInterfaces(stack, {
    role: functionRole,
    subnetA: privateA,
    subnetB: privateB,
    web,
    database,
  });
  const report = lambdaFunction(stack, {
    role: functionRole,
    layer: driver,
    logGroup: log,
    topic: mail,
    operators: notices,
    archive: reports,
    password: secret,
    subnetA: privateA,
    subnetB: privateB,
    web,
    database,
    interfaces,
  });
  const start = startRule(stack, { function: report });
  const watch = watchRule(stack, { function: report });
  const schedulerRole = role(stack, {
    id: 'role.scheduler',
    title: `Role ${names.schedulerRole}`,
    name: names.schedulerRole,
    service: 'scheduler.amazonaws.com',
    onlyFor: arn(stack, 'scheduler', `schedule-group/${names.scheduleGroup}`),
    policyName: names.schedulerPolicy,
    policy: schedulerPolicy(stack),
    wanted: zoned,
  });
  const group = scheduleGroup(stack);
  const startSchedule = schedule(stack, { group, role: schedulerRole, function: report });

  return [
    functionRole,
    driver,
    secret,
    mail,
    notices,
    reports,
    log,
    network,
    publicA,
    publicB,
    privateA,
    privateB,
    internet,
    natAddress,
    nat,
    publicTable,
    privateTable,
    s3,
    guestsGroup,
    guestsEndpoint,
    web,
    database,
    databaseHostRole.role,
    databaseHostRole.profile,
    cliHostRole.role,
    cliHostRole.profile,
    databaseHost,
    cliHost,
    interfaces,
    report,
    readersMove(stack, { function: report, topic: mail, operators: notices }),
    start,
    watch,
    schedulerRole,
    group,
    startSchedule,
    deployedSettings(stack),
  ];
}
