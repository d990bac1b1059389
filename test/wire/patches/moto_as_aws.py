"""Starts moto's server, corrected where it is wrong about AWS in what the wire tests look at. Arguments are those of moto_server."""

import json
import re
import uuid

import xmltodict
from moto.core.responses import ActionResult
from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response
from moto.ec2.responses.instances import InstanceResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend
from moto.s3.models import FakeBucket, S3Backend
from moto.s3.responses import S3Response
from moto.scheduler.models import EventBridgeSchedulerBackend
from moto.server import main
from moto.sns.models import SNSBackend
from moto.sns.responses import SNSResponse


def replaces(owner, name):
    """Puts a function in a method's place; it is given the method that was there."""

    def put(function):
        original = getattr(owner, name)
        setattr(owner, name, lambda self, *given, **named: function(original, self, *given, **named))
        return function

    return put


def interfaces_in(ec2, vpc_id):
    return [eni for eni in ec2.enis.values() if eni.subnet.vpc_id == vpc_id]


# Nothing is blocked in an account that has not asked for it.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcBlockPublicAccessOptions.html
def describe_vpc_block_public_access_options(response):
    options = {"AwsAccountId": response.current_account, "AwsRegion": response.region, "State": "default-state", "InternetGatewayBlockMode": "off"}
    return ActionResult({"VpcBlockPublicAccessOptions": options})


EC2Response.describe_vpc_block_public_access_options = describe_vpc_block_public_access_options


# A security group cannot go while a network interface carries it or another group names it.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
@replaces(EC2Backend, "delete_security_group")
def delete_security_group(original, ec2, name=None, group_id=None):
    carried = any(group.id == group_id for eni in ec2.enis.values() for group in eni.group_set)
    named = any(
        (rule.source_group or {}).get("GroupId") == group_id
        for groups in ec2.groups.values()
        for group in groups.values()
        if group.id != group_id
        for rule in group.ingress_rules + group.egress_rules
    )
    if carried or named:
        raise DependencyViolationError(f"resource {group_id} has a dependent object")
    return original(ec2, name=name, group_id=group_id)


# A subnet cannot go while a network interface stands in it.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html
@replaces(EC2Backend, "delete_subnet")
def delete_subnet(original, ec2, subnet_id):
    if any(eni.subnet.id == subnet_id for eni in ec2.enis.values()):
        raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    return original(ec2, subnet_id)


# Tags are asked of what is there.
# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListTagsForResource.html
@replaces(EventBridgeSchedulerBackend, "list_tags_for_resource")
def list_tags_of_schedule_group(original, scheduler, resource_arn):
    scheduler.get_schedule_group(resource_arn.split("/")[-1])
    return original(scheduler, resource_arn)


# An internet gateway stays while something in the VPC has a public address.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html
@replaces(EC2Backend, "detach_internet_gateway")
def detach_internet_gateway(original, ec2, internet_gateway_id, vpc_id):
    used = {address.eni.id for address in ec2.addresses if address.eni}
    if any(eni.public_ip or eni.id in used for eni in interfaces_in(ec2, vpc_id)):
        raise DependencyViolationError(
            f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway."
        )
    return original(ec2, internet_gateway_id, vpc_id)


# A VPC goes last of all.
# https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html
@replaces(EC2Backend, "delete_vpc")
def delete_vpc(original, ec2, vpc_id):
    groups = [group for group in ec2.groups[vpc_id].values() if group.name != "default"]
    gateways = [gateway for gateway in ec2.internet_gateways.values() if gateway.vpc and gateway.vpc.id == vpc_id]
    endpoints = [one for one in ec2.vpc_end_points.values() if one.vpc_id == vpc_id]
    if groups or gateways or endpoints or interfaces_in(ec2, vpc_id):
        raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    return original(ec2, vpc_id)


# A gateway endpoint that is deleted is listed no more.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcEndpoints.html
@replaces(EC2Backend, "delete_vpc_endpoints")
def delete_vpc_endpoints(original, ec2, vpce_ids=None):
    original(ec2, vpce_ids)
    for vpce_id in vpce_ids or []:
        ec2.vpc_end_points.pop(vpce_id, None)


# An address in use is not released; of one that a NAT gateway uses, AWS says that one may not.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html, https://github.com/kubernetes/kops/issues/938
@replaces(EC2Backend, "release_address")
def release_address(original, ec2, address=None, allocation_id=None):
    if any(one.association_id and one.allocation_id == allocation_id for one in ec2.addresses):
        raise EC2ClientError("AuthFailure", "You do not have permission to access the specified resource.")
    return original(ec2, address=address, allocation_id=allocation_id)


# A NAT gateway takes its network interface with it and lets its address go.
# https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html
@replaces(EC2Backend, "delete_nat_gateway")
def delete_nat_gateway(original, ec2, nat_gateway_id):
    if nat_gateway_id not in ec2.nat_gateways:
        raise EC2ClientError("NatGatewayNotFound", f"NAT gateway {nat_gateway_id} was not found")
    gateway = original(ec2, nat_gateway_id)
    for address in ec2.addresses:
        if address.eni and address.eni.id == gateway._eni.id:
            ec2.disassociate_address(association_id=address.association_id)
    ec2.enis.pop(gateway._eni.id, None)
    return gateway


# The network interface of a NAT gateway says whose it is.
# https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
@replaces(EC2Backend, "create_nat_gateway")
def create_nat_gateway(original, ec2, *given, **named):
    gateway = original(ec2, *given, **named)
    gateway._eni.description = f"Interface for NAT Gateway {gateway.id}"
    return gateway


# A NAT gateway has the private address that it is given.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
@replaces(EC2Response, "create_nat_gateway")
def create_nat_gateway_at(original, response):
    answer = original(response)
    address = response._get_param("PrivateIpAddress")
    gateway = answer.result["NatGateway"]
    if address:
        gateway.private_ip = gateway._eni.private_ip_address = address
        gateway._eni.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": address}]
        for one in gateway.address_set:
            one["privateIp"] = address
    return answer


# An instance is protected from its start and shows the groups of its network interface, which has the tags given for it and ends with it.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
@replaces(InstanceResponse, "run_instances")
def run_instances(original, response):
    answer = original(response)
    tags = response._parse_tag_specification().get("network-interface", {})
    for instance in answer.result.instances:
        instance.disable_api_termination = response._get_bool_param("DisableApiTermination", False)
        instance.security_groups = instance.security_groups or [group for eni in instance.nics.values() for group in eni.group_set]
        for eni in instance.nics.values():
            eni.delete_on_termination = True
            eni.add_tags(tags)
    return answer


# What was made with a client token is answered again to who sends it again.
# https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
made_with_token = {}


def makes_once_for_each_token(owner, name):
    @replaces(owner, name)
    def make(original, response):
        token = response._get_param("ClientToken")
        if token is None:
            return original(response)
        key = (response.current_account, response.region, name, token)
        if key not in made_with_token:
            made_with_token[key] = original(response)
        return made_with_token[key]


makes_once_for_each_token(EC2Response, "create_nat_gateway")
makes_once_for_each_token(EC2Response, "create_route_table")
makes_once_for_each_token(EC2Response, "create_vpc_endpoint")
makes_once_for_each_token(InstanceResponse, "run_instances")


# A role that is not in a profile cannot be taken out of it.
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveRoleFromInstanceProfile.html
@replaces(IAMBackend, "remove_role_from_instance_profile")
def remove_role_from_instance_profile(original, iam, profile_name, role_name):
    if all(role.name != role_name for role in iam.get_instance_profile(profile_name).roles):
        raise NotFoundException(f"The role with name {role_name} cannot be found.")
    original(iam, profile_name, role_name)


# A bucket has the tags that it is made with.
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
@replaces(S3Response, "_bucket_response_put")
def bucket_response_put(original, response, request, bucket_name, querystring):
    answer = original(response, request, bucket_name, querystring)
    body = xmltodict.parse(response.body, force_list={"Tag": True}) if response.body and not querystring else {}
    tags = (body.get("CreateBucketConfiguration") or {}).get("Tags")
    if tags:
        response.backend.put_bucket_tagging(bucket_name, {tag["Key"]: tag["Value"] or "" for tag in tags["Tag"]})
    return answer


# Every bucket is encrypted.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
@replaces(S3Backend, "get_bucket_encryption")
def get_bucket_encryption(original, s3, bucket_name):
    return original(s3, bucket_name) or {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}}


# What a bucket's policy denies without TLS is not denied here: at AWS the same request comes with TLS. Moto denies it whatever the condition.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
@replaces(FakeBucket, "get_permission")
def get_permission(_, bucket, action, resource):
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    policy = json.loads(bucket.policy)
    without_tls = {"Bool": {"aws:SecureTransport": "false"}}
    policy["Statement"] = [one for one in policy["Statement"] if one.get("Condition") != without_tls]
    return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)


# A subscription by e-mail is pending until its reader confirms it, and has no ARN until then.
# https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
@replaces(SNSBackend, "subscribe")
def subscribe(original, sns, topic_arn, endpoint, protocol):
    subscription = original(sns, topic_arn, endpoint, protocol)
    if protocol == "email":
        subscription.attributes["PendingConfirmation"] = True
    return subscription


def shown(subscription):
    pending = subscription.attributes["PendingConfirmation"]
    return {
        "SubscriptionArn": "PendingConfirmation" if pending else subscription.arn,
        "Owner": subscription.owner,
        "Protocol": subscription.protocol,
        "Endpoint": subscription.endpoint,
        "TopicArn": subscription.topic_arn,
    }


@replaces(SNSResponse, "list_subscriptions")
def list_subscriptions(original, response):
    answer = original(response).result
    return ActionResult({**answer, "Subscriptions": [shown(one) for one in answer["Subscriptions"]]})


@replaces(SNSResponse, "list_subscriptions_by_topic")
def list_subscriptions_by_topic(original, response):
    return list_subscriptions(original, response)


# The roots of its answers have the names of the model.
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
@replaces(S3Response, "get_bucket_versioning")
def get_bucket_versioning(original, response):
    status, headers, body = original(response)
    text = body.decode() if isinstance(body, bytes) else body
    return status, headers, text.replace("GetBucketVersioningResponse", "VersioningConfiguration")


# Each answer has a request id, and none of an API is a page: moto leaves Flask's text/html on what it says in JSON.
# https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html
# https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
@replaces(DomainDispatcherApplication, "__call__")
def as_api(original, application, environ, start_response):
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    service = scope.group(1) if scope else ""

    def start(status, headers, *more):
        kept = [(name, value) for name, value in headers if name.lower() != "content-type" or "html" not in value]
        name = "x-amz-request-id" if service == "s3" else "x-amzn-RequestId"
        if not any(one.lower() == name.lower() for one, _ in kept):
            kept.append((name, str(uuid.uuid4())))
        if len(kept) and not any(one.lower() == "content-type" for one, _ in kept):
            xml = service in ("s3", "ec2", "iam", "sts", "sns")
            kept.append(("content-type", "application/xml" if xml else "application/x-amz-json-1.1"))
        return start_response(status, kept, *more)

    return original(application, environ, start if service else start_response)


if __name__ == "__main__":
    main()
