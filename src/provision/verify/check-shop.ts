import { as, awsCli, salesreport } from '../../suggest.ts';
import { consoleWords } from '../aws/console.ts';
import type { Found } from '../engine/resource.ts';
import type { HostFound } from '../resources/host.ts';
import type { FunctionFound } from '../resources/lambda-function.ts';
import type { Rule, SecurityGroupFound } from '../resources/security-group.ts';
import { broken, ok, repair, servingIn, type VerifyContext } from './context.ts';
import type { Finding } from './root-cause.ts';

/** How long after its start a host that says nothing may still be at its set-up, ms. */
const setUpTime = 15 * 60_000;

/** The way to a database on our own host: who may come in, and whether the host runs. */
export function checkShop(walked: VerifyContext): Finding[] {
  return walked.stack.settings.database.host === undefined ? [groupsFinding(walked), hostFinding(walked)].flat() : [];
}

function groupsFinding(walked: VerifyContext): Finding[] {
  const { names, settings } = walked.stack;
  const { port } = settings.database;
  const { webGroup, databaseGroup } = names;
  const found = servingIn<FunctionFound>(walked, 'function');
  const web = servingIn<SecurityGroupFound>(walked, 'group.web');
  const database = servingIn<SecurityGroupFound>(walked, 'group.database');
  const host = servingIn<HostFound>(walked, 'host.database');
  const no = (problem: string, advice: string) => [broken('groups', problem, advice)];
  for (const [name, group] of [
    [webGroup, web],
    [databaseGroup, database],
  ] as const) {
    if (!group) return no(`There is no security group ${name}`, repair('makes it'));
    const carried = found?.configuration['security groups'] ?? group.awsId;
    if (!carried.split(', ').includes(group.awsId))
      return no(`The function does not carry the security group ${name}`, repair('gives it that'));
  }
  if (!database!.rules.some(rule => admits(rule, port, web!)))
    return no(`The security group ${databaseGroup} does not let port ${port} in from ${webGroup}`, repair('opens it'));
  if (host?.attributes?.groups && !host.attributes.groups.includes(database!.awsId))
    return no(`The database host does not carry the security group ${databaseGroup}`, repair('gives it that'));
  return [ok('groups', `${databaseGroup} lets port ${port} in from ${webGroup}`)];
}

const admits = ({ protocol, ports, from }: Rule, port: number, { awsId }: Found): boolean =>
  from === awsId && (protocol === '-1' || (protocol === 'tcp' && !!ports && ports[0] <= port && port <= ports[1]));

function hostFinding(walked: VerifyContext): Finding {
  const { region } = walked.stack;
  const host = servingIn<HostFound>(walked, 'host.database');
  const no = (problem: string, advice: string, command?: string) => broken('host', problem, advice, command);
  if (!host) return no('There is no database host', repair("makes one, with the shop's first data only"));
  const { awsId, state } = host;
  if (state === 'running') return ok('host', `${awsId} is running`);
  if (state === 'pending')
    return no(`The database host ${awsId} is starting`, `run ${salesreport`verify`} again in two minutes`);
  if (state === 'stopped' || state === 'stopping')
    return no(
      `The database host ${awsId} is ${state}`,
      'start it',
      awsCli`ec2 start-instances --region ${as.region(region)} --instance-ids ${as.awsId(awsId)}`,
    );
  return no(`The database host ${awsId} is ${state}`, repair("makes one, with the shop's first data only"));
}

/** What the host says of its own set-up, asked where something on it does not work. */
export async function setUpFinding(walked: VerifyContext): Promise<Finding[]> {
  const { aws, region } = walked.stack;
  const host = servingIn<HostFound>(walked, 'host.database');
  if (host?.state !== 'running') return [];
  const { said, unreadable } = await consoleWords(aws, host.awsId);
  const { awsId, startedAt } = host;
  if (said === 'SALESREPORT READY') return [ok('set-up', said)];
  if (said)
    return [
      broken(
        'set-up',
        `The set-up of the database host ${awsId} fails and is repeated every 15 s (${said})`,
        'go there, and sudo journalctl -u salesreport says why',
        awsCli`ssm start-session --region ${as.region(region)} --target ${as.awsId(awsId)}`,
      ),
    ];
  const words = unreadable ? `its console cannot be read: ${unreadable}` : 'its console says nothing of it yet';
  if (startedAt === undefined || aws.time() - startedAt >= setUpTime)
    return [{ hop: 'set-up', state: 'skipped', detail: words }];
  return [
    broken(
      'set-up',
      `The database host ${awsId} is still setting itself up (${words})`,
      `run ${salesreport`verify`} again in a few minutes`,
    ),
  ];
}
