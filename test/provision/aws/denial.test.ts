import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/provision/aws/operation.ts';
import { awsProblem } from '../../../src/provision/aws/problems.ts';

const scp = 'arn:aws:organizations::111122223333:policy/o-exampleorgid/service_control_policy/p-examplepolicyid';
const rcp = 'arn:aws:organizations::777788889999:policy/o-exampleorgid/resource_control_policy/p-examplepolicyid';
const bound = 'arn:aws:iam::123456789012:policy/DeveloperBoundary';
const user = 'User: arn:aws:iam::123456789012:user/John';
const encoded = 'GdIWPnptu6qCnCJBOYJEwLauIfxZe5uybGhils5NE'.repeat(20);

const problemOf = (message: string, { name = 'AccessDeniedException', operation = 'ec2:CreateVpc' } = {}) =>
  awsProblem(Object.assign(new Error(message), { name }), operation as Operation)!;

/**
 * AWS's own examples (IAM user guide, "Troubleshoot access denied error messages"; S3 user guide, "Troubleshoot access
 * denied errors"), and what people got.
 */
const messages: [what: string, message: string, said: RegExp, denial: object][] = [
  [
    'a service control policy, none allows',
    `${user} is not authorized to perform: codecommit:ListRepositories because no service control policy allows the codecommit:ListRepositories action`,
    /^You may not codecommit:ListRepositories: a service control policy of your organization does not allow it\. Ask whoever administers the organization/,
    { action: 'codecommit:ListRepositories', by: 'service control policy', isExplicit: false },
  ],
  [
    'a service control policy, one denies, with its ARN',
    `${user} is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::123456789012:role/r with an explicit deny in a service control policy: ${scp}`,
    new RegExp(
      `^You may not iam:CreateRole on arn:aws:iam::123456789012:role/r: a service control policy of your organization \\(${scp}\\) denies it\\.`,
    ),
    { by: 'service control policy', isExplicit: true, policyArn: scp, resource: 'arn:aws:iam::123456789012:role/r' },
  ],
  [
    'a resource control policy, with the ARN that S3 names in its own way',
    `${user} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::amzn-s3-demo-bucket1/object-name" with an explicit deny in a resource control policy, with policy ARN: ${rcp}`,
    new RegExp(
      `^You may not s3:GetObject on arn:aws:s3:::amzn-s3-demo-bucket1/object-name: a resource control policy of your organization \\(${rcp}\\) denies it\\.`,
    ),
    { by: 'resource control policy', policyArn: rcp, resource: 'arn:aws:s3:::amzn-s3-demo-bucket1/object-name' },
  ],
  [
    'a VPC endpoint policy, none allows',
    `${user} is not authorized to perform: codecommit:ListRepositories because no VPC endpoint policy allows the codecommit:ListRepositories action`,
    /the policy of the VPC endpoint that the call goes through does not allow it\. Have the endpoint's policy changed/,
    { by: 'VPC endpoint policy', isExplicit: false },
  ],
  [
    'a permissions boundary, with its ARN and a full stop',
    `${user} is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:123456789012:instance/* with an explicit deny in a permissions boundary: ${bound}.`,
    new RegExp(`your permissions boundary \\(${bound}\\) denies it\\. Have the boundary changed`),
    { by: 'permissions boundary', isExplicit: true, policyArn: bound },
  ],
  [
    'a session policy, none allows',
    `${user} is not authorized to perform: codedeploy:ListDeployments on resource: arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* because no session policy allows the codedeploy:ListDeployments action`,
    /the session policy of your credentials does not allow it\. Sign in with a session that allows it/,
    { by: 'session policy', isExplicit: false },
  ],
  [
    'a resource-based policy, one denies',
    `${user} is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:* with an explicit deny in a resource-based policy`,
    /the resource's own policy denies it\. Have that policy changed/,
    { by: 'resource-based policy', isExplicit: true },
  ],
  [
    'an identity-based policy, one denies',
    `${user} is not authorized to perform: codecommit:ListRepositories with an explicit deny in an identity-based policy`,
    /a policy of your user or role denies it\. Have that denial changed/,
    { by: 'identity-based policy', isExplicit: true },
  ],
  [
    'an identity-based policy, none allows',
    `${user} is not authorized to perform: codecommit:ListRepositories because no identity-based policy allows the codecommit:ListRepositories action`,
    /^You may not codecommit:ListRepositories: have it allowed for your user or role, then run the same command again\.$/,
    { by: 'identity-based policy', isExplicit: false },
  ],
  [
    'somebody, which is all that it says',
    `${user} is not authorized to perform: s3:CreateBucket with an explicit deny`,
    /^You may not s3:CreateBucket: a policy denies it\. Find that denial/,
    { isExplicit: true },
  ],
  [
    'a service control policy, in large letters',
    `${user} is not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:123456789012:t with an explicit deny in a Service Control Policy`,
    /a service control policy of your organization denies it/,
    { by: 'service control policy', action: 'SNS:Publish' },
  ],
];

describe('who denies a call', () => {
  it.each(messages)('is kept: %s', (_what, message, said, denial) => {
    const problem = problemOf(message);
    expect(problem).toMatchObject({ code: 'access-denied', message: expect.stringMatching(said) });
    expect(problem.aws).toMatchObject({ denial });
  });

  it.each(
    messages.filter(
      ([, , , denial]) =>
        !('by' in denial) || !JSON.stringify(denial).includes('identity-based policy","isExplicit":false'),
    ),
  )('gets no advice that cannot help: %s', (_what, message) =>
    expect(problemOf(message).message).not.toMatch(/have it allowed|attach/i),
  );
});

describe('what EC2 says encoded', () => {
  const words = `You are not authorized to perform this operation. ${user} is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:123456789012:instance/* with an explicit deny in a service control policy: ${scp}. Encoded authorization failure message: ${encoded}`;

  it('is not printed, and the command that reads it is named', () => {
    const { message, next, aws } = problemOf(words, { name: 'UnauthorizedOperation', operation: 'ec2:RunInstances' });
    expect(message).toContain(`(${scp}) denies it`);
    expect(`${message} ${next} ${aws!.message}`).not.toContain(encoded.slice(0, 40));
    expect(next).toContain('aws sts decode-authorization-message');
    expect(aws).toMatchObject({ encoded });
  });

  it('is all that some of its answers say', () => {
    const { message, next, aws } = problemOf(
      `You are not authorized to perform this operation. Encoded authorization failure message: ${encoded}`,
      { name: 'UnauthorizedOperation', operation: 'ec2:RunInstances' },
    );
    expect(message).toBe(
      'You may not ec2:RunInstances: have it allowed for your user or role, then run the same command again.',
    );
    expect(next).toContain('aws sts decode-authorization-message');
    expect(aws!.message).toBe('You are not authorized to perform this operation.');
  });
});

it('a log group that is refused with its tags names what the tags need', () => {
  const group = 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/f:log-stream:';
  const message = `${user} is not authorized to perform: logs:CreateLogGroup on resource: ${group} because no identity-based policy allows the logs:CreateLogGroup action`;
  expect(problemOf(message, { operation: 'logs:CreateLogGroup' }).message).toMatch(
    /logs:CreateLogGroup.*logs:TagResource/,
  );
});
