import type { ServiceName } from '../provision/aws/operation.ts';

/** What the simulator models of some operations, and how AWS is known to do it. */
export interface Modelled {
  operations: readonly string[];
  what: string;
  source: string;
}

/** What is modelled of each operation, in sentences. Which parameters each takes stands in its own code. */
export const modelled: Record<ServiceName, readonly Modelled[]> = {
  ec2: [
    {
      operations: ['CreateVpc', 'DescribeVpcs', 'DescribeVpcAttribute', 'ModifyVpcAttribute', 'DeleteVpc'],
      what: 'A VPC comes with a main route table and with a default group, which is listed a lag later. It cannot go while subnets, own groups or tables, an attached gateway, endpoints or interfaces are in it. Five in a region.',
      source: 'VPC user guide, "Delete your VPC" and "Amazon VPC quotas"',
    },
    {
      operations: ['CreateSubnet', 'DescribeSubnets', 'ModifySubnetAttribute', 'DeleteSubnet'],
      what: 'Ranges lie in that of the VPC and do not overlap (`InvalidSubnet.Conflict`). A subnet is `pending` for a moment, and cannot go while any interface is in it.',
      source: 'API reference, DeleteSubnet; terraform-provider-aws, errors.go; gardener/gardener-extension-provider-aws#1397',
    },
    {
      operations: [
        'CreateInternetGateway',
        'AttachInternetGateway',
        'DetachInternetGateway',
        'DescribeInternetGateways',
        'DeleteInternetGateway',
      ],
      what: 'One for a VPC, `attaching` for a moment, of which routes learn after the lag. It cannot be detached while public addresses are mapped in the VPC, nor deleted while it is attached.',
      source: 'API reference, DetachInternetGateway and DeleteInternetGateway; giantswarm/aws-operator#611',
    },
    {
      operations: ['CreateNatGateway', 'DescribeNatGateways', 'DeleteNatGateway'],
      what: 'Made once for each ClientToken. It is `pending` for about two minutes, fails afterwards and not in the call, also where subnet or internet gateway were still on their way, and is listed for an hour when it has ended. One that failed stays so when it is deleted.',
      source: 'VPC user guide, "Work with NAT gateways"; EC2 developer guide, "Ensuring idempotency"; hashicorp/terraform#9147',
    },
    {
      operations: ['AllocateAddress', 'DescribeAddresses', 'ReleaseAddress'],
      what: 'An address in use is not released: `AuthFailure` where a NAT gateway has it, for some seconds after that reads `deleted` too, and `InvalidIPAddress.InUse` elsewhere. Five in a region.',
      source: 'kubernetes/kops#938; EC2 user guide, "Elastic IP addresses"',
    },
    {
      operations: [
        'CreateRouteTable',
        'DescribeRouteTables',
        'AssociateRouteTable',
        'DisassociateRouteTable',
        'ReplaceRouteTableAssociation',
        'CreateRoute',
        'ReplaceRoute',
        'DeleteRoute',
        'DeleteRouteTable',
      ],
      what: 'A table is made once for each ClientToken; one route for a destination, one table for a subnet. A route whose gateway or interface went is a `blackhole`. A table with subnets, or the main one, cannot go, nor can the routes of an endpoint or to the VPC itself.',
      source: 'API reference, DeleteRouteTable; VPC user guide, "Configure route tables"',
    },
    {
      operations: [
        'CreateSecurityGroup',
        'DescribeSecurityGroups',
        'AuthorizeSecurityGroupIngress',
        'AuthorizeSecurityGroupEgress',
        'RevokeSecurityGroupIngress',
        'RevokeSecurityGroupEgress',
        'DeleteSecurityGroup',
      ],
      what: 'Names are unique in a VPC, rules in a group. A new group lets everything out. A group cannot go while an interface carries it or a rule of another group names it; the default one never goes.',
      source: 'API reference, CreateSecurityGroup and DeleteSecurityGroup',
    },
    {
      operations: ['DescribeNetworkInterfaces', 'DeleteNetworkInterface'],
      what: 'Interfaces of instances, NAT gateways, functions and interface endpoints. One in use cannot be deleted.',
      source: 'API reference, DeleteNetworkInterface; terraform-provider-aws for the types and descriptions',
    },
    {
      operations: [
        'RunInstances',
        'DescribeInstances',
        'DescribeInstanceAttribute',
        'ModifyInstanceAttribute',
        'ModifyInstanceMetadataOptions',
        'GetConsoleOutput',
        'TerminateInstances',
      ],
      what: 'One instance, once for each ClientToken, of a type that fits image and zone. A new instance profile is unknown for seconds. One for whose disk the quota is too small ends at its start, and says why. Termination protection, all or nothing over several ids; listed for an hour. The host is set up only with a way to the internet, says so on its console, and stays so; its database keeps the password that the parameter had then.',
      source:
        'aws/aws-sdk-js-v3#5253; boto/boto3#4406; API reference, TerminateInstances and StateReason; EC2 user guide, "Instance terminates immediately"',
    },
    {
      operations: [
        'AssociateIamInstanceProfile',
        'DescribeIamInstanceProfileAssociations',
        'ReplaceIamInstanceProfileAssociation',
      ],
      what: 'An instance has one profile. Another one in its place is a new association.',
      source: 'API reference, ReplaceIamInstanceProfileAssociation',
    },
    {
      operations: ['DescribeVpcBlockPublicAccessOptions'],
      what: 'What somebody has set for the account and region. It blocks no packet here.',
      source: 'VPC user guide, "Block public access to VPCs and subnets"',
    },
    {
      operations: ['CreateSnapshot', 'DescribeSnapshots', 'DescribeVolumes'],
      what: 'A snapshot of a volume at the moment of the call, `pending` until it is stored; the volume may go meanwhile. There is no ClientToken: two calls make two.',
      source: 'EBS user guide, "Create Amazon EBS snapshots"; API reference, CreateSnapshot',
    },
    {
      operations: ['CreateVpcEndpoint', 'DescribeVpcEndpoints', 'ModifyVpcEndpoint', 'DeleteVpcEndpoints'],
      what: 'Gateway endpoints, once for each ClientToken; a route for each of their tables. A deletion answers well even where it failed, and says so within.',
      source: 'API reference, DeleteVpcEndpoints',
    },
    {
      operations: ['CreateTags'],
      what: 'Tags of anything, seen after the lag.',
      source: 'EC2 developer guide, "Eventual consistency"',
    },
    {
      operations: ['DescribeAvailabilityZones', 'DescribeInstanceTypes', 'DescribeInstanceTypeOfferings', 'DescribeRegions'],
      what: 'Three zones, of which the third lacks the `micro` types. Each type has two vCPUs.',
      source: 'as `use1-az3` does; EC2 user guide, "Amazon EC2 instance types"',
    },
  ],
  iam: [
    {
      operations: [
        'CreateRole',
        'GetRole',
        'ListRoles',
        'UpdateAssumeRolePolicy',
        'PutRolePermissionsBoundary',
        'DeleteRolePermissionsBoundary',
        'PutRolePolicy',
        'GetRolePolicy',
        'ListRolePolicies',
        'DeleteRolePolicy',
        'ListAttachedRolePolicies',
        'DetachRolePolicy',
        'TagRole',
        'DeleteRole',
      ],
      what: 'Names are unique without regard to case, over all regions. Policies are read, with their conditions of equality, and refused when malformed; a permissions boundary is kept and bounds nothing. Other services know a new role only after some seconds. A role with policies, or in a profile, cannot go, nor for the lag after they were taken away.',
      source: 'API reference, DeleteRole; IAM user guide, "Troubleshoot IAM"; hashicorp/terraform#14707',
    },
    {
      operations: [
        'CreateInstanceProfile',
        'GetInstanceProfile',
        'ListInstanceProfiles',
        'AddRoleToInstanceProfile',
        'RemoveRoleFromInstanceProfile',
        'TagInstanceProfile',
        'DeleteInstanceProfile',
      ],
      what: 'One role each. A profile with a role cannot go, nor for the lag after that was taken away.',
      source: 'API reference, AddRoleToInstanceProfile and DeleteInstanceProfile',
    },
    {
      operations: ['SimulatePrincipalPolicy'],
      what: "Each action with each resource, by the operator's policies and the given keys; a session's are those of its role.",
      source: 'API reference, SimulatePrincipalPolicy',
    },
  ],
  lambda: [
    {
      operations: [
        'CreateFunction',
        'GetFunction',
        'UpdateFunctionCode',
        'UpdateFunctionConfiguration',
        'DeleteFunctionConcurrency',
        'TagResource',
        'ListFunctions',
        'DeleteFunction',
      ],
      what: 'Pending for about a minute in a VPC; updates one at a time, during which, and after one that failed, the old code serves. One that could not be made is `Failed` and takes no update. The role must be assumable and allow network interfaces. Limits of zip, environment and layers. Interfaces linger for minutes after the function left, and for ever without its role.',
      source: 'Lambda developer guide, "Lambda function states", "Lambda quotas" and "Giving Lambda functions access to a VPC"',
    },
    {
      operations: ['Invoke'],
      what: 'Runs the uploaded bundle itself, with its environment, its permissions and its place in the network, until its timeout. With a role that was made anew under the old name it cannot decrypt its environment. With no executions reserved for it, it is not begun. Its sales come from a source that the caller gives, as far as the password, the tables and the way to the host of the database let them; layers are not unpacked.',
      source: 'Lambda developer guide, "Invoking a function synchronously"; re:Post, "KMSAccessDeniedException" of Lambda',
    },
    {
      operations: ['AddPermission', 'GetPolicy', 'RemovePermission'],
      what: 'Permissions for services. A statement that is there is refused, also when it says the same. 20 KB in all.',
      source: 'API reference, AddPermission',
    },
    {
      operations: ['PublishLayerVersion', 'ListLayers', 'ListLayerVersions', 'DeleteLayerVersion'],
      what: 'Each publication is a new version, and no number is used again. A function keeps a version that was deleted.',
      source: 'Lambda developer guide, "Creating and deleting layers"',
    },
  ],
  logs: [
    {
      operations: [
        'CreateLogGroup',
        'DescribeLogGroups',
        'ListTagsForResource',
        'TagResource',
        'PutRetentionPolicy',
        'DeleteLogGroup',
      ],
      what: 'Groups with tags, and the retentions that AWS knows. A function that writes late makes its group again, without tags and for ever, where its role may.',
      source: 'API reference, CreateLogGroup and PutRetentionPolicy; hashicorp/terraform-provider-aws#454',
    },
  ],
  ssm: [
    {
      operations: [
        'PutParameter',
        'GetParameter',
        'GetParametersByPath',
        'ListTagsForResource',
        'AddTagsToResource',
        'DeleteParameter',
      ],
      what: 'A SecureString shows its value only with decryption, for which the function needs the permission of a customer key. A new one with a name that is there is refused; tags and overwriting exclude each other. The newest images have their public parameters.',
      source: 'API reference, PutParameter; Systems Manager user guide, "Calling AMI public parameters"',
    },
  ],
  s3: [
    {
      operations: ['CreateBucket', 'HeadBucket', 'GetBucketTagging', 'PutBucketTagging', 'DeleteBucket', 'ListBuckets'],
      what: 'Names are unique over all accounts. A bucket stands where its location says, with its tags; one that is made again is refused with `BucketAlreadyOwnedByYou`, but in us-east-1. It is not found before the lag is over, and refused to who expects another owner. One with any version in it cannot go, and its name is not free for a while.',
      source: 'API reference, CreateBucket and DeleteBucket; S3 user guide, "Amazon S3 data consistency model"',
    },
    {
      operations: [
        'PutPublicAccessBlock',
        'GetPublicAccessBlock',
        'PutBucketPolicy',
        'GetBucketPolicy',
        'PutBucketEncryption',
        'GetBucketEncryption',
        'PutBucketVersioning',
        'GetBucketVersioning',
        'PutBucketLifecycleConfiguration',
        'GetBucketLifecycleConfiguration',
        'PutBucketOwnershipControls',
        'GetBucketOwnershipControls',
      ],
      what: 'A new bucket is closed to the public, without ACLs and encrypted. What a policy forbids everybody is forbidden to the function; a public one is refused where that is blocked. Lifecycle rules are kept, and not carried out.',
      source:
        'S3 user guide, "Blocking public access", "Default settings for new S3 buckets" and "Setting lifecycle configuration"',
    },
    {
      operations: ['PutObject', 'GetObject', 'ListObjectsV2'],
      what: 'Conditional writes, decided in one step with the write; whole bodies; keys in the order of their bytes, by the thousand. The function needs its role for each, the listing permission to be told that a key is not there, and a gateway endpoint or the NAT gateway.',
      source: 'S3 user guide, "Conditional writes" and "Listing object keys programmatically"; API reference, GetObject',
    },
    {
      operations: ['ListObjectVersions', 'DeleteObjects'],
      what: 'Once versions are kept, a put adds one, and a deletion without a version adds a marker; each goes by its id. A thousand at a time.',
      source: 'S3 user guide, "Retaining multiple versions of objects with S3 Versioning"; API reference, DeleteObjects',
    },
  ],
  sns: [
    {
      operations: [
        'CreateTopic',
        'GetTopicAttributes',
        'SetTopicAttributes',
        'ListTagsForResource',
        'TagResource',
        'DeleteTopic',
        'ListTopics',
      ],
      what: 'The same name gives the same topic, unless other tags are asked for. Its policy is kept, and lets nobody in or out here.',
      source: 'API reference, CreateTopic; SNS developer guide, "Example cases for Amazon SNS access control"',
    },
    {
      operations: ['Subscribe', 'ListSubscriptionsByTopic', 'GetSubscriptionAttributes', 'SetSubscriptionAttributes'],
      what: 'By e-mail, pending until its reader follows the link in the mail, for 48 hours. Who unsubscribed is listed as `Deleted` for a while. Filter policies by equality.',
      source: 'SNS developer guide, "Email notifications" and "Subscription filter policies"',
    },
    {
      operations: ['Publish'],
      what: 'Subjects and sizes that AWS takes; a mailbox for each reader, with the footer that AWS adds.',
      source: 'API reference, Publish',
    },
  ],
  events: [
    {
      operations: ['PutRule', 'DescribeRule', 'DisableRule', 'ListTagsForResource', 'TagResource', 'DeleteRule', 'ListRules'],
      what: 'Schedules are read as AWS reads them. Putting a rule again forgets what is left out and keeps its tags. A rule with targets cannot go, nor for the lag after the last was removed; of one that is not there a deletion is content.',
      source: 'API reference, PutRule and DeleteRule; terraform-provider-aws, rule.go',
    },
    {
      operations: ['PutTargets', 'ListTargetsByRule', 'RemoveTargets'],
      what: 'Failures of single targets stand in an answer that is well. A target gets the event, or what its input transformer makes of it. A rule starts a function only with its permission.',
      source: 'API reference, PutTargets and RemoveTargets; EventBridge user guide, "Input transformation"',
    },
  ],
  scheduler: [
    {
      operations: [
        'CreateScheduleGroup',
        'GetScheduleGroup',
        'ListTagsForResource',
        'TagResource',
        'DeleteScheduleGroup',
        'ListScheduleGroups',
      ],
      what: 'A group is `DELETING` for some seconds, and takes its schedules with it.',
      source: 'Scheduler user guide, "Deleting a schedule group"',
    },
    {
      operations: ['CreateSchedule', 'GetSchedule', 'UpdateSchedule', 'DeleteSchedule'],
      what: 'Schedules with time zones, whose role the Scheduler must be able to assume. An update forgets what it leaves out.',
      source: 'API reference, UpdateSchedule; Scheduler user guide, "Setting up"',
    },
  ],
  servicequotas: [
    {
      operations: ['GetServiceQuota'],
      what: 'The quotas on VPCs, addresses and vCPUs, which the creates hold to.',
      source: 'Service Quotas user guide; EC2 user guide, "Amazon EC2 service quotas"',
    },
  ],
  sts: [{ operations: ['GetCallerIdentity'], what: 'The account and a caller.', source: 'API reference, GetCallerIdentity' }],
};
